// SPDX-License-Identifier: Apache-2.0
// std::deque: blocks of elements, and the map of blocks that grows at both ends.
#include <deque>
#include <string>
#include <utility>

#include "sides.h"

namespace {

constexpr int plenty = 5000;  // elements: more blocks than a new map has room for

}  // namespace

RACE(push_back_and_push_back) {
  std::deque<int> numbers;
  one_after_the_other([&] { numbers.push_back(1); },   // <- 1
                      [&] { numbers.push_back(2); });  // <- 2
}

NO_RACE(push_back_and_push_back_locked) {
  std::deque<int> numbers;
  under_one_mutex([&] { numbers.push_back(1); }, [&] { numbers.push_back(2); });
}

RACE(push_front_and_push_back, "both ends have one map, which grows") {
  std::deque<int> numbers;
  one_after_the_other(
      [&] {
        for (int i = 0; i < plenty; ++i) numbers.push_front(i);  // <- 1
      },
      [&] {
        for (int i = 0; i < plenty; ++i) numbers.push_back(i);  // <- 2
      });
}

NO_RACE(push_front_and_push_back_handed_over) {
  std::deque<int> numbers;
  handed_over(
      [&] {
        for (int i = 0; i < plenty; ++i) numbers.push_front(i);
      },
      [&] {
        for (int i = 0; i < plenty; ++i) numbers.push_back(i);
      });
}

RACE(push_front_and_front) {
  std::deque<int> numbers(3);
  one_after_the_other([&] { numbers.push_front(1); },   // <- 1
                      [&] { keep(numbers.front()); });  // <- 2
}

RACE(push_back_and_size) {
  std::deque<int> numbers(3);
  side_by_side([&] { numbers.push_back(1); },   // <- 1
               [&] { keep(numbers.size()); });  // <- 2
}

RACE(pop_front_and_element_read) {
  std::deque<int> numbers(3);
  one_after_the_other([&] { numbers.pop_front(); },  // <- 1
                      [&] { keep(numbers[1]); });    // <- 2
}

RACE(pop_front_gives_a_block_back) {
  std::deque<int> numbers(plenty);
  int* const first = &numbers[0];
  one_after_the_other([&] { keep(*first); },  // <- 1
                      [&] {
                        while (numbers.size() > 1) numbers.pop_front();  // <- 2
                      });
}

NO_RACE(reference_outlives_push_back, "growth moves the map, never the elements") {
  std::deque<int> numbers(1);
  int* const first = &numbers[0];
  side_by_side([&] { *first = 7; },
               [&] {
                 for (int i = 0; i < plenty; ++i) numbers.push_back(i);
               });
}

RACE(element_and_same_element) {
  std::deque<int> numbers(plenty);
  side_by_side([&] { numbers[plenty / 2] = 1; },     // <- 1
               [&] { keep(numbers[plenty / 2]); });  // <- 2
}

NO_RACE(element_and_other_element) {
  std::deque<int> numbers(3);
  side_by_side([&] { numbers[1] = 1; }, [&] { numbers[2] = 1; });
}

RACE(insert_and_iterate) {
  std::deque<int> numbers(10);
  one_after_the_other([&] { numbers.insert(numbers.begin() + 5, 7); },  // <- 1
                      [&] { read_all(numbers); });                      // <- 2
}

RACE(erase_and_element_read) {
  std::deque<int> numbers(10);
  one_after_the_other([&] { numbers.erase(numbers.begin() + 3); },  // <- 1
                      [&] { keep(numbers[2]); });                   // <- 2
}

RACE(clear_and_empty) {
  std::deque<int> numbers(10);
  side_by_side([&] { numbers.clear(); },         // <- 1
               [&] { keep(numbers.empty()); });  // <- 2
}

RACE(swap_and_front) {
  std::deque<int> numbers(3), others(3);
  one_after_the_other([&] { numbers.swap(others); },   // <- 1
                      [&] { keep(others.front()); });  // <- 2
}

RACE(copy_and_element_write) {
  std::deque<std::string> names(3);
  side_by_side([&] { keep(names); },                                                 // <- 1
               [&] { names[1] = "a name that is too long for the place inside"; });  // <- 2
}

RACE(resize_and_back) {
  std::deque<int> numbers(3);
  one_after_the_other([&] { numbers.resize(plenty); },  // <- 1
                      [&] { keep(numbers.back()); });   // <- 2
}

NO_RACE(queue_of_many) {
  std::deque<int> numbers;
  many_under_one_mutex([&](int i) {
    if (i % 2 == 0) {
      numbers.push_back(i);
    } else {
      numbers.push_front(i);
    }
    if (i % 3 == 0) numbers.pop_back();
    keep(numbers.size());
  });
}
