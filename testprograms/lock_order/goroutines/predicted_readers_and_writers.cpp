// SPDX-License-Identifier: Apache-2.0
// Two read two tables in either order, and two others write one each. A writer who waits keeps new readers
// out.
// verdict: clean 20/20
// predicted: queued-writer
#include "../beside.h"

snag::shared_mutex people, places;

int main() {
  turns turn;
  beside all;
  all.go([&] {
    people.lock_shared();
    places.lock_shared();  // <- 1
    places.unlock_shared();
    people.unlock_shared();
    turn.next();
  });
  all.go([&] {
    turn.wait_for(1);
    places.lock_shared();
    people.lock_shared();  // <- 1
    people.unlock_shared();
    places.unlock_shared();
    turn.next();
  });
  all.go([&] {
    turn.wait_for(2);
    people.lock();  // <- 2
    people.unlock();
    turn.next();
  });
  all.go([&] {
    turn.wait_for(3);
    places.lock();  // <- 2
    places.unlock();
  });
  all.wait();
}
