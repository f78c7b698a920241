// SPDX-License-Identifier: Apache-2.0
// Each has the number that the counter had.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  snag::wait_group wg;
  for (int i = 0; i < 5; ++i) {
    wg.go([i] { snag::println("container {}", i); });
  }
  wg.wait();
}
