// SPDX-License-Identifier: Apache-2.0
// A reader reads again, inside; those who write do it before the readers are there, or after.
// verdict: clean 20/20
#include "../beside.h"

snag::shared_mutex table;
int rows = 3;

int main() {
  table.lock();
  ++rows;
  table.unlock();
  beside all;
  for (int i = 0; i < 3; ++i)
    all.go([] {
      table.lock_shared();
      table.lock_shared();
      table.unlock_shared();
      table.unlock_shared();
    });
  all.wait();
  table.lock();
  ++rows;
  table.unlock();
}
