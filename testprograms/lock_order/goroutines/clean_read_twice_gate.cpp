// SPDX-License-Identifier: Apache-2.0
// A reader reads again, inside; it and the writer hold a mutex around it.
// verdict: clean 20/20
#include "../beside.h"

snag::shared_mutex table;
mutex gate;

int main() {
  beside all;
  all.go([] {
    const guard around(gate);
    table.lock_shared();
    table.lock_shared();
    table.unlock_shared();
    table.unlock_shared();
  });
  all.go([] {
    const guard around(gate);
    table.lock();
    table.unlock();
  });
  all.wait();
}
