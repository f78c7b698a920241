// SPDX-License-Identifier: Apache-2.0
// What runs already when the scope begins is not its own.
// verdict: clean 20/20
// stdout: 0 left
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  snag::go([] {
    for (;;) snag::sleep_for(10ms);
  });
  snag::leak_check check;
  snag::wait_group wg;
  wg.go([] {});
  wg.wait();
  snag::println("{} left", check.finish().size());
}
