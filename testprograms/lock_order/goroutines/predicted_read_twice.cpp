// SPDX-License-Identifier: Apache-2.0
// A reader reads again, inside, while another one wants to write: a writer who comes in between waits for the
// first reading, and the second waits for the writer.
// verdict: clean 20/20
// predicted: queued-writer
#include "../beside.h"

snag::shared_mutex table;
int rows = 3;

int count() {
  table.lock_shared();  // <- 1
  const int n = rows;
  table.unlock_shared();
  return n;
}

int main() {
  turns turn;
  beside all;
  int seen = 0;
  all.go([&] {
    table.lock_shared();
    seen = count();
    table.unlock_shared();
    turn.next();
  });
  all.go([&] {
    turn.wait_for(1);
    table.lock();  // <- 2
    ++rows;
    table.unlock();
  });
  all.wait();
}
