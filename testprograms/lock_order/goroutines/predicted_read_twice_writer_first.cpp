// SPDX-License-Identifier: Apache-2.0
// As predicted_read_twice; in this run the writer came before the readers.
// verdict: clean 20/20
// predicted: queued-writer
#include "../beside.h"

snag::shared_mutex table;

int main() {
  turns turn;
  beside all;
  all.go([&] {
    turn.wait_for(1);
    table.lock_shared();
    table.lock_shared();  // <- 1
    table.unlock_shared();
    table.unlock_shared();
  });
  all.go([&] {
    table.lock();  // <- 2
    table.unlock();
    turn.next();
  });
  all.wait();
}
