// SPDX-License-Identifier: Apache-2.0
// std::vector: its three pointers, its elements, the memory that growth leaves behind, and the bits of
// vector<bool>.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sides.h"

RACE(push_back_and_push_back) {
  std::vector<int> numbers;
  one_after_the_other([&] { numbers.push_back(1); },   // <- 1
                      [&] { numbers.push_back(2); });  // <- 2
}

NO_RACE(push_back_and_push_back_locked) {
  std::vector<int> numbers;
  under_one_mutex([&] { numbers.push_back(1); }, [&] { numbers.push_back(2); });
}

NO_RACE(push_back_and_push_back_handed_over) {
  std::vector<int> numbers;
  handed_over([&] { numbers.push_back(1); }, [&] { numbers.push_back(2); });
}

RACE(growth_and_element_read) {
  std::vector<int> numbers(1);
  one_after_the_other([&] { numbers.push_back(1); },  // <- 1
                      [&] { keep(numbers[0]); });     // <- 2
}

RACE(element_read_and_growth, "the old elements are given back") {
  std::vector<int> numbers(1);
  one_after_the_other([&] { keep(numbers[0]); },       // <- 1
                      [&] { numbers.push_back(1); });  // <- 2
}

RACE(element_pointer_and_growth, "growth reads what the pointer writes") {
  std::vector<int> numbers(1);
  int* const first = &numbers[0];
  one_after_the_other([&] { *first = 7; },             // <- 1
                      [&] { numbers.push_back(1); });  // <- 2
}

NO_RACE(element_pointer_and_room_enough, "push_back does not touch the elements that are there") {
  std::vector<int> numbers(1);
  numbers.reserve(2);
  int* const first = &numbers[0];
  side_by_side([&] { *first = 7; }, [&] { numbers.push_back(1); });
}

RACE(push_back_and_size) {
  std::vector<int> numbers;
  numbers.reserve(4);
  side_by_side([&] { numbers.push_back(1); },   // <- 1
               [&] { keep(numbers.size()); });  // <- 2
}

RACE(element_and_same_element) {
  std::vector<int> numbers(4);
  side_by_side([&] { numbers[2] = 1; },     // <- 1
               [&] { keep(numbers[2]); });  // <- 2
}

NO_RACE(element_and_other_element) {
  std::vector<int> numbers(4);
  side_by_side([&] { numbers[1] = 1; }, [&] { numbers[2] = 1; });
}

NO_RACE(neighbouring_bytes) {
  std::vector<char> letters(8);
  side_by_side([&] { letters[3] = 'a'; }, [&] { letters[4] = 'b'; });
}

NO_RACE(all_read) {
  const std::vector<int> numbers = {1, 2, 3};
  const auto sum = [&] {
    int total = 0;
    for (const int n : numbers) total += n;
    keep(total);
  };
  side_by_side(sum, sum);
}

RACE(resize_and_iterate) {
  std::vector<int> numbers(2);
  one_after_the_other([&] { numbers.resize(100); },  // <- 1
                      [&] { read_all(numbers); });   // <- 2
}

RACE(clear_and_iterate) {
  std::vector<int> numbers(3);
  one_after_the_other([&] { read_all(numbers); },  // <- 1
                      [&] { numbers.clear(); });   // <- 2
}

RACE(pop_back_and_back) {
  std::vector<int> numbers(3);
  one_after_the_other([&] { numbers.pop_back(); },     // <- 1
                      [&] { keep(numbers.back()); });  // <- 2
}

RACE(insert_in_front_and_element_read, "the elements behind move") {
  std::vector<int> numbers(3);
  numbers.reserve(10);
  side_by_side([&] { numbers.insert(numbers.begin(), 1); },  // <- 1
               [&] { keep(numbers[2]); });                   // <- 2
}

RACE(erase_and_iterator) {
  std::vector<int> numbers(3);
  const auto second = std::next(numbers.begin());
  side_by_side([&] { numbers.erase(numbers.begin()); },  // <- 1
               [&] { keep(*second); });                  // <- 2
}

RACE(assign_and_data) {
  std::vector<int> numbers(3);
  one_after_the_other([&] { numbers.assign(50, 1); },   // <- 1
                      [&] { keep(*numbers.data()); });  // <- 2
}

RACE(swap_and_element_read) {
  std::vector<int> numbers(3), others(5);
  one_after_the_other([&] { numbers.swap(others); },  // <- 1
                      [&] { keep(others[4]); });      // <- 2
}

NO_RACE(swap_leaves_elements_alone) {
  std::vector<int> numbers(3), others(5);
  int* const first = &numbers[0];
  side_by_side([&] { std::swap(numbers, others); }, [&] { *first = 7; });
}

RACE(copy_and_element_write) {
  std::vector<int> numbers(3);
  side_by_side([&] { keep(numbers); },    // <- 1
               [&] { numbers[1] = 7; });  // <- 2
}

RACE(copy_assignment_and_element_read) {
  std::vector<int> numbers(3);
  const std::vector<int> others(3, 1);
  side_by_side([&] { numbers = others; },   // <- 1
               [&] { keep(numbers[1]); });  // <- 2
}

RACE(moved_from_and_empty) {
  std::vector<int> numbers(3);
  one_after_the_other([&] { const auto mine = std::move(numbers); },  // <- 1
                      [&] { keep(numbers.empty()); });                // <- 2
}

RACE(comparison_and_element_write) {
  std::vector<int> numbers(3);
  const std::vector<int> others(3);
  side_by_side([&] { keep(numbers == others); },  // <- 1
               [&] { numbers[0] = 7; });          // <- 2
}

RACE(reserve_and_capacity) {
  std::vector<int> numbers(3);
  side_by_side([&] { numbers.reserve(100); },       // <- 1
               [&] { keep(numbers.capacity()); });  // <- 2
}

RACE(shrink_to_fit_and_element_pointer) {
  std::vector<int> numbers(3);
  numbers.reserve(100);
  int* const first = &numbers[0];
  one_after_the_other([&] { keep(*first); },              // <- 1
                      [&] { numbers.shrink_to_fit(); });  // <- 2
}

RACE(growth_of_strings_and_element_read, "the strings are moved one by one") {
  std::vector<std::string> names = {"Ada", "a name that is too long for the place inside the string"};
  one_after_the_other([&] { names.emplace_back("Grace"); },  // <- 1
                      [&] { keep(names[1].size()); });       // <- 2
}

RACE(inner_vector) {
  std::vector<std::vector<int>> table(2, std::vector<int>(2));
  one_after_the_other([&] { table[1].push_back(1); },   // <- 1
                      [&] { keep(table[1].size()); });  // <- 2
}

NO_RACE(different_inner_vectors) {
  std::vector<std::vector<int>> table(2);
  side_by_side([&] { table[0].push_back(1); }, [&] { table[1].push_back(1); });
}

NO_RACE(grown_by_many) {
  std::vector<int> numbers;
  many_under_one_mutex([&](int i) {
    numbers.push_back(i);
    if (i % 10 == 0) numbers.erase(numbers.begin());
    keep(numbers);
  });
}

#ifndef ON_THREADS
NO_RACE(sent_through_a_channel, "each owner may write; the vector is moved from one to the next") {
  snag::chan<std::vector<int>> belt;
  snag::wait_group both;
  both.go([=] {
    std::vector<int> numbers = {1, 2, 3};
    numbers.push_back(4);
    belt << std::move(numbers);
  });
  both.go([=] {
    std::vector<int> numbers = belt.recv();
    numbers[0] = 7;
    numbers.push_back(5);
  });
  both.wait();
}

RACE(sent_as_a_pointer_and_still_used) {
  snag::chan<std::vector<int>*> belt;
  std::vector<int> numbers(3);
  snag::wait_group both;
  both.go([=, &numbers] {
    belt << &numbers;
    numbers[0] = 1;  // <- 1
  });
  both.go([=] {
    std::vector<int>* const received = belt.recv();
    keep((*received)[0]);  // <- 2
  });
  both.wait();
}
#endif

RACE(bits_of_one_word) {
  std::vector<bool> flags(8);
  side_by_side([&] { flags[0] = true; },   // <- 1
               [&] { flags[7] = true; });  // <- 2
}

NO_RACE(bits_of_one_word_locked) {
  std::vector<bool> flags(8);
  under_one_mutex([&] { flags[0] = true; }, [&] { flags[7] = true; });
}

NO_RACE(bits_of_two_words, "of 64 bits, in both libraries") {
  std::vector<bool> flags(128);
  side_by_side([&] { flags[0] = true; }, [&] { flags[64] = true; });
}

RACE(flip_and_count) {
  std::vector<bool> flags(200);
  side_by_side([&] { flags.flip(); },                                         // <- 1
               [&] { keep(std::count(flags.begin(), flags.end(), true)); });  // <- 2
}

RACE(growth_of_bits_and_bit_read) {
  std::vector<bool> flags(64);
  one_after_the_other([&] { flags.push_back(true); },  // <- 1
                      [&] { keep(bool{flags[0]}); });  // <- 2
}
