// SPDX-License-Identifier: Apache-2.0
// malloc gives one goroutine the block that another has just freed: old accesses must not haunt the new
// owner.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  snag::wait_group wg;
  for (int i = 0; i < 100; ++i) {
    wg.go([i] {
      for (int k = 0; k < 10; ++k) {
        int* block = new int[4];
        block[k % 4] = i;
        snag::yield();
        if (block[k % 4] != i) snag::panic("shared a block");
        delete[] block;
      }
    });
  }
  wg.wait();
  return 0;
}
