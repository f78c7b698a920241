// SPDX-License-Identifier: Apache-2.0
// std::array and std::span, which are their elements; std::bitset, whose bits share words; std::valarray.
#include <algorithm>
#include <array>
#include <bitset>
#include <numeric>
#include <span>
#include <utility>
#include <valarray>
#include <vector>

#include "sides.h"

RACE(array_element_and_same_element) {
  std::array<int, 4> numbers = {};
  side_by_side([&] { numbers[1] = 7; },     // <- 1
               [&] { keep(numbers[1]); });  // <- 2
}

NO_RACE(array_element_and_other_element) {
  std::array<int, 4> numbers = {};
  side_by_side([&] { numbers[1] = 7; }, [&] { numbers.at(2) = 7; });
}

NO_RACE(array_locked) {
  std::array<int, 4> numbers = {};
  under_one_mutex([&] { numbers.fill(7); }, [&] { keep(numbers); });
}

NO_RACE(array_handed_over) {
  std::array<int, 4> numbers = {};
  handed_over([&] { numbers.fill(7); }, [&] { keep(numbers); });
}

RACE(array_fill_and_copy) {
  std::array<int, 100> numbers = {};
  side_by_side([&] { numbers.fill(7); },  // <- 1
               [&] { keep(numbers); });   // <- 2
}

RACE(array_swap_and_back) {
  std::array<int, 4> numbers = {}, others = {};
  side_by_side([&] { numbers.swap(others); },  // <- 1
               [&] { keep(others.back()); });  // <- 2
}

RACE(array_comparison_and_write) {
  std::array<int, 4> numbers = {};
  const std::array<int, 4> others = {};
  side_by_side([&] { keep(numbers == others); },  // <- 1
               [&] { numbers[0] = 7; });          // <- 2
}

RACE(array_assignment_and_element_read) {
  std::array<char, 3> letters = {};
  side_by_side([&] { letters = {'a', 'b', 'c'}; },  // <- 1
               [&] { keep(letters[1]); });          // <- 2
}

RACE(two_dimensional_array) {
  std::array<std::array<int, 3>, 3> table = {};
  side_by_side([&] { table[1].fill(1); },    // <- 1
               [&] { keep(table[1][2]); });  // <- 2
}

NO_RACE(rows_of_a_table) {
  std::array<std::array<char, 3>, 3> table = {};
  side_by_side([&] { table[1].fill('a'); }, [&] { table[2].fill('b'); });
}

RACE(span_overlapping) {
  std::vector<int> numbers(10);
  const std::span<int> front = std::span(numbers).first(6), back = std::span(numbers).last(6);
  side_by_side([&] { std::iota(front.begin(), front.end(), 1); },  // <- 1
               [&] { read_all(back); });                           // <- 2
}

NO_RACE(span_halves) {
  std::vector<int> numbers(10);
  const std::span<int> front = std::span(numbers).first(5), back = std::span(numbers).last(5);
  side_by_side([&] { std::iota(front.begin(), front.end(), 1); },
               [&] { std::iota(back.begin(), back.end(), 1); });
}

RACE(span_variable_assigned_and_read) {
  std::vector<int> numbers(10);
  std::span<int> view(numbers);
  side_by_side([&] { view = view.first(3); },  // <- 1
               [&] { keep(view.size()); });    // <- 2
}

RACE(span_as_bytes) {
  std::vector<int> numbers(10);
  const std::span<const std::byte> bytes = std::as_bytes(std::span(numbers));
  side_by_side([&] { numbers[1] = 7; },   // <- 1
               [&] { keep(bytes[6]); });  // <- 2
}

NO_RACE(span_as_bytes_of_others) {
  std::vector<int> numbers(10);
  const std::span<const std::byte> bytes = std::as_bytes(std::span(numbers));
  side_by_side([&] { numbers[1] = 7; }, [&] { keep(bytes[8]); });
}

RACE(bitset_bits) {
  std::bitset<8> flags;
  side_by_side([&] { flags.set(0); },   // <- 1
               [&] { flags.set(7); });  // <- 2
}

NO_RACE(bitset_bits_locked) {
  std::bitset<8> flags;
  under_one_mutex([&] { flags.set(0); }, [&] { flags.set(7); });
}

RACE(bitset_reference_and_test) {
  std::bitset<128> flags;
  side_by_side([&] { flags[100] = true; },      // <- 1
               [&] { keep(flags.test(99)); });  // <- 2
}

RACE(bitset_shift_and_count) {
  std::bitset<300> flags(7);
  side_by_side([&] { flags <<= 65; },          // <- 1
               [&] { keep(flags.count()); });  // <- 2
}

RACE(bitset_and_to_string) {
  std::bitset<20> flags, mask(3);
  side_by_side([&] { flags |= mask; },             // <- 1
               [&] { keep(flags.to_string()); });  // <- 2
}

NO_RACE(bitset_all_read) {
  const std::bitset<100> flags(5);
  const auto look = [&] {
    keep(flags.count());
    keep(flags.any());
    keep(flags[2]);
  };
  side_by_side(look, look);
}

RACE(valarray_element_and_sum) {
  std::valarray<int> numbers(10);
  side_by_side([&] { numbers[3] = 7; },        // <- 1
               [&] { keep(numbers.sum()); });  // <- 2
}

RACE(valarray_multiplication_and_element_read) {
  std::valarray<int> numbers(10);
  side_by_side([&] { numbers *= 2; },       // <- 1
               [&] { keep(numbers[9]); });  // <- 2
}

RACE(valarray_slices_that_meet) {
  std::valarray<int> numbers(12);
  side_by_side([&] { numbers[std::slice(0, 4, 3)] = 1; },                         // <- 1
               [&] { keep(std::valarray<int>(numbers[std::slice(3, 3, 1)])); });  // <- 2
}

NO_RACE(valarray_slices_apart) {
  std::valarray<int> numbers(12);
  side_by_side([&] { numbers[std::slice(0, 6, 2)] = 1; }, [&] { numbers[std::slice(1, 6, 2)] = 2; });
}

RACE(valarray_resize_and_size) {
  std::valarray<int> numbers(12);
  one_after_the_other([&] { numbers.resize(20); },     // <- 1
                      [&] { keep(numbers.size()); });  // <- 2
}

RACE(valarray_expression_and_write) {
  std::valarray<double> a(4), b(4);
  side_by_side([&] { keep(std::valarray<double>(a * b + 1.0)); },  // <- 1
               [&] { b[2] = 7; });                                 // <- 2
}

NO_RACE(valarray_locked) {
  std::valarray<int> numbers(12);
  many_under_one_mutex([&](int i) {
    numbers += i;
    keep(numbers.cshift(1).max());
  });
}
