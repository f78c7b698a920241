// SPDX-License-Identifier: Apache-2.0
// Two read two tables in either order; nobody writes.
// verdict: clean 20/20
#include "../beside.h"

snag::shared_mutex people, places;

int main() {
  beside all;
  all.go([] {
    people.lock_shared();
    places.lock_shared();
    places.unlock_shared();
    people.unlock_shared();
  });
  all.go([] {
    places.lock_shared();
    people.lock_shared();
    people.unlock_shared();
    places.unlock_shared();
  });
  all.wait();
}
