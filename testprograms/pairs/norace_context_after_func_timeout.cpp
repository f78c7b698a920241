// SPDX-License-Identifier: Apache-2.0
// What happened before the function was registered happens before it runs, even if a timer that was armed
// earlier starts it.
// verdict: clean 20/20
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  auto [ctx, cancel] = snag::with_timeout(snag::context::background(), 2ms);
  int x = 0, seen = 0;
  snag::wait_group wg;
  wg.add(1);
  x = 7;
  auto stop = snag::context_after_func(ctx, [&] {
    seen = x;
    wg.done();
  });
  wg.wait();
  return seen != 7;
}
