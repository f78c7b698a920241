// SPDX-License-Identifier: Apache-2.0
// One reads a table and then locks the log; the other writes the table while it holds the log.
// verdict: clean 20/20
// predicted: lock cycle
#include "../beside.h"

snag::shared_mutex table;
mutex log_lock;

int main() {
  turns turn;
  beside all;
  all.go([&] {
    table.lock_shared();
    log_lock.lock();  // <- 1
    log_lock.unlock();
    table.unlock_shared();
    turn.next();
  });
  all.go([&] {
    turn.wait_for(1);
    log_lock.lock();
    table.lock();  // <- 2
    table.unlock();
    log_lock.unlock();
  });
  all.wait();
}
