// SPDX-License-Identifier: Apache-2.0
// Polymorphic memory resources: of the library's, synchronized_pool_resource alone may be shared without a
// lock.
#include <list>
#include <memory_resource>
#include <string>
#include <vector>

#include "../cases/containers/sides.h"

RACE(monotonic_by_two) {
  std::pmr::monotonic_buffer_resource memory;
  one_after_the_other([&] { keep(memory.allocate(16)); },   // <- 1
                      [&] { keep(memory.allocate(16)); });  // <- 2
}

RACE(monotonic_release_and_element) {
  std::pmr::monotonic_buffer_resource memory;
  int* const number = static_cast<int*>(memory.allocate(sizeof(int), alignof(int)));
  one_after_the_other([&] { *number = 1; },        // <- 1
                      [&] { memory.release(); });  // <- 2
}
