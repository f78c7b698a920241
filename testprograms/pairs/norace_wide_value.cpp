// SPDX-License-Identifier: Apache-2.0
// Long double, double and 128-bit integers, next to each other.
// verdict: clean 20/20
#include <snag/snag.h>

__extension__ typedef unsigned __int128 uint128;
struct {
  uint128 wide = 0;
  long double longest = 0;
  double plain = 0;
  float small = 0;
} numbers;

int main() {
  snag::wait_group wg;
  wg.go([] { numbers.wide += 1; });
  wg.go([] { numbers.longest += 1; });
  wg.go([] { numbers.plain += 1; });
  numbers.small += 1;
  wg.wait();
  return numbers.wide != 1 || numbers.longest != 1 || numbers.plain != 1 || numbers.small != 1;
}
