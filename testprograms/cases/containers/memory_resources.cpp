// SPDX-License-Identifier: Apache-2.0
// Polymorphic memory resources: of the library's, synchronized_pool_resource alone may be shared without a
// lock.
#include <list>
#include <memory_resource>
#include <string>
#include <vector>

#include "sides.h"

NO_RACE(monotonic_by_two_locked) {
  std::pmr::monotonic_buffer_resource memory;
  under_one_mutex([&] { keep(memory.allocate(16)); }, [&] { keep(memory.allocate(5000)); });
}

NO_RACE(monotonic_by_two_handed_over) {
  std::pmr::monotonic_buffer_resource memory;
  handed_over([&] { keep(memory.allocate(16)); }, [&] { keep(memory.allocate(5000)); });
}

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

RACE(given_back_while_another_writes) {
  std::pmr::memory_resource& memory = *std::pmr::new_delete_resource();
  int* const number = static_cast<int*>(memory.allocate(sizeof(int), alignof(int)));
  one_after_the_other([&] { *number = 1; },                                            // <- 1
                      [&] { memory.deallocate(number, sizeof(int), alignof(int)); });  // <- 2
}

NO_RACE(monotonic_release_after_element) {
  std::pmr::monotonic_buffer_resource memory;
  int* const number = static_cast<int*>(memory.allocate(sizeof(int), alignof(int)));
  handed_over([&] { *number = 1; }, [&] { memory.release(); });
}

NO_RACE(monotonic_each) {
  const auto fill = [] {
    std::byte room[1000];
    std::pmr::monotonic_buffer_resource memory(room, sizeof room);
    std::pmr::vector<std::pmr::string> names(&memory);
    for (int i = 0; i < 20; ++i)
      names.emplace_back("a name that is too long for the place inside the string");
    keep(names.size());
  };
  side_by_side(fill, fill);
}

RACE(monotonic_under_two_vectors, "each has a vector of its own, both one resource") {
  std::pmr::monotonic_buffer_resource memory;
  std::pmr::vector<int> numbers(&memory), others(&memory);
  one_after_the_other([&] { numbers.push_back(1); },  // <- 1
                      [&] { others.push_back(2); });  // <- 2
}

RACE(unsynchronized_pool_under_two_lists) {
  std::pmr::unsynchronized_pool_resource memory;
  std::pmr::list<int> jobs(&memory), others(&memory);
  one_after_the_other([&] { jobs.push_back(1); },     // <- 1
                      [&] { others.push_back(2); });  // <- 2
}

NO_RACE(unsynchronized_pool_locked) {
  std::pmr::unsynchronized_pool_resource memory;
  many_under_one_mutex([&](int i) {
    std::pmr::list<int> jobs(&memory);
    for (int k = 0; k < i % 10; ++k) jobs.push_back(k);
    keep(jobs.size());
  });
}

NO_RACE(synchronized_pool_memory_moves_on, "what one gave back, the other gets") {
  std::pmr::synchronized_pool_resource memory;
  handed_over(
      [&] {
        int* const number = static_cast<int*>(memory.allocate(sizeof(int), alignof(int)));
        *number = 1;
        memory.deallocate(number, sizeof(int), alignof(int));
      },
      [&] {
        int* const number = static_cast<int*>(memory.allocate(sizeof(int), alignof(int)));
        *number = 2;
        memory.deallocate(number, sizeof(int), alignof(int));
      });
}

NO_RACE(synchronized_pool_by_two) {
  std::pmr::synchronized_pool_resource memory;
  const auto work = [&] {
    for (int i = 1; i < 50; ++i) {
      std::pmr::list<int> jobs(&memory);
      for (int k = 0; k < i % 10; ++k) jobs.push_back(k);
      keep(jobs.size());
    }
  };
  side_by_side(work, work);
}

NO_RACE(synchronized_pool_memory_moves_on_at_random) {
  std::pmr::synchronized_pool_resource memory;
  const auto work = [&] {
    for (int i = 0; i < 50; ++i) {
      int* const number = static_cast<int*>(memory.allocate(sizeof(int), alignof(int)));
      *number = i;
      memory.deallocate(number, sizeof(int), alignof(int));
    }
  };
  side_by_side(work, work);
}

RACE(element_of_a_pmr_vector) {
  std::pmr::synchronized_pool_resource memory;
  std::pmr::vector<int> numbers(4, &memory);
  side_by_side([&] { numbers[1] = 7; },     // <- 1
               [&] { keep(numbers[1]); });  // <- 2
}

NO_RACE(default_resource_by_two) {
  const auto work = [] {
    std::pmr::vector<std::pmr::string> names;
    for (int i = 0; i < 20; ++i)
      names.emplace_back("a name that is too long for the place inside the string");
    keep(std::pmr::get_default_resource());
  };
  side_by_side(work, work);
}

RACE(unsynchronized_pool_by_two) {
  std::pmr::unsynchronized_pool_resource memory;
  one_after_the_other([&] { keep(memory.allocate(16)); },   // <- 1
                      [&] { keep(memory.allocate(16)); });  // <- 2
}
