// SPDX-License-Identifier: Apache-2.0
// Arming happens before the function runs.
// verdict: clean 20/20
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  int x = 0;
  snag::chan<void> done;
  x = 2;
  auto t = snag::after_func(2ms, [&] {
    x += 1;
    done.close();
  });
  done.recv();
  return x != 3;
}
