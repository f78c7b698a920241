// SPDX-License-Identifier: Apache-2.0
// Captured by value, the goroutine has its own copy, taken before it started.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int limit = 10, seen = 0;
  snag::wait_group wg;
  wg.go([limit, &seen] { seen = limit; });
  limit = 20;
  wg.wait();
  return seen != 10;
}
