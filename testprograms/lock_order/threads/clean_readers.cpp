// SPDX-License-Identifier: Apache-2.0
// Two read two tables in either order; nobody writes.
// verdict: clean 20/20
#include <shared_mutex>

#include "../beside.h"

std::shared_mutex people, places;

void read_both(std::shared_mutex& first, std::shared_mutex& second) {
  const std::shared_lock outer(first);
  const std::shared_lock inner(second);
}

int main() {
  beside all;
  all.go([] { read_both(people, places); });
  all.go([] { read_both(places, people); });
  all.wait();
}
