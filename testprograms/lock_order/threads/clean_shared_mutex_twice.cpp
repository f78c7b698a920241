// SPDX-License-Identifier: Apache-2.0
// std::shared_mutex is a POSIX lock of the default kind: the second reading passes a writer who waits.
// verdict: clean 20/20
#include <shared_mutex>

#include "../beside.h"

std::shared_mutex people, places;

void read_both(std::shared_mutex& first, std::shared_mutex& second) {
  const std::shared_lock outer(first);
  const std::shared_lock inner(second);
}

int main() {
  turns turn;
  beside all;
  all.go([&] {
    read_both(people, places);
    turn.next();
  });
  all.go([&] {
    turn.wait_for(1);
    read_both(places, people);
    turn.next();
  });
  for (std::shared_mutex* table : {&people, &places})
    all.go([&, table] {
      turn.wait_for(2);
      const std::unique_lock write(*table);
    });
  all.wait();
}
