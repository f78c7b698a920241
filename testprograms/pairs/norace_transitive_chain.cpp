// SPDX-License-Identifier: Apache-2.0
// Happens-before is transitive: C never met A and is ordered after it through B.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0, seen = 0;
  snag::chan<int> ab, bc;
  snag::wait_group wg;
  wg.go([&] {
    x = 1;
    ab << 1;
  });
  wg.go([&] { bc << ab.recv(); });
  wg.go([&] {
    bc.recv();
    seen = x;
  });
  wg.wait();
  return seen != 1;
}
