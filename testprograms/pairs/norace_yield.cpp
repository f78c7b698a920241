// SPDX-License-Identifier: Apache-2.0
// Two goroutines that take turns through yield may share what neither of them writes.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 3, a = 0, b = 0;
  snag::wait_group wg;
  wg.go([&] {
    snag::yield();
    a = x;
  });
  for (int i = 0; i < 50; ++i) snag::yield();
  b = x;
  wg.wait();
  return a != b;
}
