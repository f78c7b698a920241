// SPDX-License-Identifier: Apache-2.0
// Algorithms on ranges that meet and on ranges that do not.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iterator>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "sides.h"

namespace {

std::vector<int> count_down(int from) {
  std::vector<int> numbers(static_cast<std::size_t>(from));
  for (int& n : numbers) n = from--;
  return numbers;
}

}  // namespace

RACE(sort_and_read) {
  auto numbers = count_down(50);
  side_by_side([&] { std::sort(numbers.begin(), numbers.end()); },  // <- 1
               [&] { keep(numbers[20]); });                         // <- 2
}

NO_RACE(sort_of_halves) {
  auto numbers = count_down(50);
  side_by_side([&] { std::sort(numbers.begin(), numbers.begin() + 25); },
               [&] { std::sort(numbers.begin() + 25, numbers.end()); });
  std::inplace_merge(numbers.begin(), numbers.begin() + 25, numbers.end());
}

RACE(sort_of_overlapping_parts) {
  auto numbers = count_down(50);
  one_after_the_other([&] { std::sort(numbers.begin(), numbers.begin() + 30); },  // <- 1
                      [&] { std::sort(numbers.begin() + 20, numbers.end()); });   // <- 2
}

NO_RACE(sort_and_read_locked) {
  auto numbers = count_down(50);
  under_one_mutex([&] { std::sort(numbers.begin(), numbers.end()); }, [&] { keep(numbers[20]); });
}

NO_RACE(sort_and_read_handed_over) {
  auto numbers = count_down(50);
  handed_over([&] { std::sort(numbers.begin(), numbers.end()); }, [&] { keep(numbers[20]); });
}

RACE(stable_sort_and_read) {
  auto numbers = count_down(50);
  side_by_side([&] { std::stable_sort(numbers.begin(), numbers.end()); },  // <- 1
               [&] { keep(numbers[20]); });                                // <- 2
}

RACE(partial_sort_and_nth_element) {
  auto numbers = count_down(50);
  one_after_the_other(
      [&] { std::partial_sort(numbers.begin(), numbers.begin() + 5, numbers.end()); },   // <- 1
      [&] { std::nth_element(numbers.begin(), numbers.begin() + 25, numbers.end()); });  // <- 2
}

RACE(sort_of_strings_and_read) {
  std::vector<std::string> names = {"Grace", "a name that is too long for the place inside the string",
                                    "Ada"};
  one_after_the_other([&] { std::sort(names.begin(), names.end()); },  // <- 1
                      [&] { keep(names[1]); });                        // <- 2
}

RACE(qsort_and_read) {
  auto numbers = count_down(50);
  side_by_side(
      [&] {
        std::qsort(numbers.data(), numbers.size(), sizeof(int),  // <- 1
                   [](const void* a, const void* b) {
                     return *static_cast<const int*>(a) - *static_cast<const int*>(b);  // <- 1
                   });
      },
      [&] { numbers[20] = 7; });  // <- 2
}

RACE(copy_and_source_write) {
  auto numbers = count_down(50);
  std::vector<int> copy(50);
  side_by_side([&] { std::copy(numbers.begin(), numbers.end(), copy.begin()); },  // <- 1
               [&] { numbers[20] = 7; });                                         // <- 2
}

RACE(copy_and_target_read) {
  const auto numbers = count_down(50);
  std::vector<int> copy(50);
  side_by_side([&] { std::copy(numbers.begin(), numbers.end(), copy.begin()); },  // <- 1
               [&] { keep(copy[20]); });                                          // <- 2
}

NO_RACE(copy_to_two_targets) {
  const auto numbers = count_down(50);
  std::vector<int> copy(50), other(50);
  side_by_side([&] { std::copy(numbers.begin(), numbers.end(), copy.begin()); },
               [&] { std::copy(numbers.begin(), numbers.end(), other.begin()); });
}

NO_RACE(copy_halves) {
  const auto numbers = count_down(50);
  std::vector<int> copy(50);
  side_by_side([&] { std::copy_n(numbers.begin(), 25, copy.begin()); },
               [&] { std::copy_n(numbers.begin() + 25, 25, copy.begin() + 25); });
}

RACE(copy_backward_and_read) {
  auto numbers = count_down(50);
  side_by_side([&] { std::copy_backward(numbers.begin(), numbers.end() - 1, numbers.end()); },  // <- 1
               [&] { keep(numbers[20]); });                                                     // <- 2
}

RACE(move_of_strings_and_source_read) {
  std::vector<std::string> names(3, "a name that is too long for the place inside the string"), others(3);
  one_after_the_other([&] { std::move(names.begin(), names.end(), others.begin()); },  // <- 1
                      [&] { keep(names[1]); });                                        // <- 2
}

RACE(accumulate_and_write) {
  auto numbers = count_down(50);
  side_by_side([&] { keep(std::accumulate(numbers.begin(), numbers.end(), 0)); },  // <- 1
               [&] { numbers[49] = 7; });                                          // <- 2
}

NO_RACE(accumulate_halves) {
  const auto numbers = count_down(50);
  std::vector<int> sums(2);
  side_by_side([&] { sums[0] = std::accumulate(numbers.begin(), numbers.begin() + 25, 0); },
               [&] { sums[1] = std::accumulate(numbers.begin() + 25, numbers.end(), 0); });
  keep(sums[0] + sums[1]);
}

RACE(reduce_and_write) {
  auto numbers = count_down(50);
  side_by_side([&] { keep(std::reduce(numbers.begin(), numbers.end())); },  // <- 1
               [&] { numbers[49] = 7; });                                   // <- 2
}

RACE(for_each_and_read) {
  auto numbers = count_down(50);
  side_by_side([&] { std::for_each(numbers.begin(), numbers.end(), [](int& n) { n *= 2; }); },  // <- 1
               [&] { keep(numbers[20]); });                                                     // <- 2
}

RACE(for_each_into_a_captured_sum) {
  const auto numbers = count_down(50);
  int sum = 0;
  side_by_side(
      [&] {
        for (const int n : numbers) sum += n;  // <- 1
      },
      [&] { std::for_each(numbers.begin(), numbers.end(), [&](int n) { sum += n; }); });  // <- 2
}

RACE(transform_in_place_and_read) {
  auto numbers = count_down(50);
  side_by_side(
      [&] { std::transform(numbers.begin(), numbers.end(), numbers.begin(), std::negate<>()); },  // <- 1
      [&] { keep(numbers[20]); });                                                                // <- 2
}

NO_RACE(transform_halves) {
  auto numbers = count_down(50);
  const auto negate = [&](int from, int to) {
    std::transform(numbers.begin() + from, numbers.begin() + to, numbers.begin() + from, std::negate<>());
  };
  side_by_side([&] { negate(0, 25); }, [&] { negate(25, 50); });
}

RACE(fill_and_count) {
  std::vector<char> letters(100);
  side_by_side([&] { std::fill(letters.begin(), letters.end(), 'x'); },          // <- 1
               [&] { keep(std::count(letters.begin(), letters.end(), 'x')); });  // <- 2
}

RACE(fill_and_find_in_bytes) {
  std::vector<char> letters(100);
  side_by_side([&] { std::fill_n(letters.begin(), 50, 'x'); },                    // <- 1
               [&] { keep(*std::find(letters.begin(), letters.end(), '\0')); });  // <- 2
}

RACE(equal_and_write) {
  auto numbers = count_down(50);
  const auto others = numbers;
  side_by_side([&] { keep(std::equal(numbers.begin(), numbers.end(), others.begin())); },  // <- 1
               [&] { numbers[0] = 7; });                                                   // <- 2
}

RACE(lexicographical_compare_and_write) {
  std::vector<unsigned char> letters(100);
  const auto others = letters;
  side_by_side([&] { keep(letters < others); },  // <- 1
               [&] { letters[0] = 0; });         // <- 2
}

RACE(mismatch_and_write) {
  auto numbers = count_down(50);
  const auto others = numbers;
  side_by_side(
      [&] { keep(*std::mismatch(numbers.begin(), numbers.end() - 1, others.begin()).first); },  // <- 1
      [&] { numbers[0] = 50; });                                                                // <- 2
}

RACE(iota_and_max_element) {
  auto numbers = count_down(50);
  side_by_side([&] { std::iota(numbers.begin(), numbers.end(), 0); },              // <- 1
               [&] { keep(*std::max_element(numbers.begin(), numbers.end())); });  // <- 2
}

RACE(reverse_and_binary_search) {
  auto numbers = count_down(50);
  side_by_side([&] { std::reverse(numbers.begin(), numbers.end()); },                   // <- 1
               [&] { keep(std::binary_search(numbers.begin(), numbers.end(), 20)); });  // <- 2
}

RACE(rotate_and_lower_bound) {
  auto numbers = count_down(50);
  side_by_side(
      [&] { std::rotate(numbers.begin(), numbers.begin() + 7, numbers.end()); },               // <- 1
      [&] { keep(std::lower_bound(numbers.begin(), numbers.end(), 20) - numbers.begin()); });  // <- 2
}

RACE(unique_and_adjacent_find) {
  std::vector<int> numbers = {1, 1, 2, 2, 3, 3};
  side_by_side(
      [&] { keep(std::unique(numbers.begin(), numbers.end()) - numbers.begin()); },              // <- 1
      [&] { keep(std::adjacent_find(numbers.begin() + 1, numbers.end()) - numbers.begin()); });  // <- 2
}

RACE(remove_and_all_of) {
  std::vector<int> numbers = {1, 1, 2, 2, 3, 3};
  side_by_side(
      [&] { keep(*std::remove(numbers.begin(), numbers.end(), 1)); },                            // <- 1
      [&] { keep(std::all_of(numbers.begin(), numbers.end(), [](int n) { return n > 0; })); });  // <- 2
}

RACE(partition_and_search) {
  auto numbers = count_down(50);
  const std::vector<int> pattern = {3, 2};
  side_by_side(
      [&] { std::partition(numbers.begin(), numbers.end(), [](int n) { return n % 2 == 0; }); },     // <- 1
      [&] { keep(*std::search(numbers.begin(), numbers.end(), pattern.begin(), pattern.end())); });  // <- 2
}

RACE(swap_ranges_and_read) {
  auto numbers = count_down(50), others = count_down(50);
  side_by_side([&] { std::swap_ranges(numbers.begin(), numbers.end(), others.begin()); },  // <- 1
               [&] { keep(others[20]); });                                                 // <- 2
}

RACE(partial_sum_and_inner_product) {
  auto numbers = count_down(50);
  side_by_side([&] { std::partial_sum(numbers.begin(), numbers.end(), numbers.begin()); },  // <- 1
               [&] {
                 keep(std::inner_product(numbers.begin(), numbers.end(), numbers.begin(), 0));  // <- 2
               });
}

RACE(heap_and_heap) {
  auto numbers = count_down(50);
  one_after_the_other([&] { std::make_heap(numbers.begin(), numbers.end()); },   // <- 1
                      [&] { std::sort_heap(numbers.begin(), numbers.end()); });  // <- 2
}

RACE(merge_and_source_write) {
  auto numbers = count_down(3), others = count_down(3);
  std::vector<int> all;
  side_by_side(
      [&] {
        std::merge(numbers.rbegin(), numbers.rend(), others.rbegin(), others.rend(),  // <- 1
                   std::back_inserter(all));
      },
      [&] { others[1] = 2; });  // <- 2
}

RACE(set_union_and_source_write) {
  std::vector<int> numbers = {1, 2, 3}, others = {2, 3, 4}, all(6);
  side_by_side(
      [&] {
        std::set_union(numbers.begin(), numbers.end(), others.begin(), others.end(),  // <- 1
                       all.begin());
      },
      [&] { numbers[1] = 2; });  // <- 2
}

RACE(next_permutation_and_is_sorted) {
  std::vector<int> numbers = {1, 2, 3};
  side_by_side([&] { std::next_permutation(numbers.begin(), numbers.end()); },  // <- 1
               [&] { keep(std::is_sorted(numbers.begin(), numbers.end())); });  // <- 2
}

RACE(replace_and_minmax) {
  auto numbers = count_down(50);
  side_by_side([&] { std::replace(numbers.begin(), numbers.end(), 20, 21); },                // <- 1
               [&] { keep(*std::minmax_element(numbers.begin(), numbers.end()).second); });  // <- 2
}

RACE(generate_and_clamp) {
  auto numbers = count_down(50);
  side_by_side(
      [&] { std::generate(numbers.begin(), numbers.end(), [n = 0]() mutable { return n++; }); },  // <- 1
      [&] { keep(std::clamp(numbers[3], 1, 9)); });                                               // <- 2
}

RACE(swap_of_variables_and_read) {
  int one = 1, two = 2;
  side_by_side([&] { std::swap(one, two); },  // <- 1
               [&] { keep(two); });           // <- 2
}

RACE(max_of_variables_and_write) {
  int one = 1, two = 2;
  side_by_side([&] { keep(std::max(one, two)); },  // <- 1
               [&] { two = 3; });                  // <- 2
}

RACE(uninitialized_copy_and_read) {
  const std::vector<int> numbers = count_down(50);
  const auto room = std::make_unique<int[]>(50);
  side_by_side([&] { std::uninitialized_copy(numbers.begin(), numbers.end(), room.get()); },  // <- 1
               [&] { keep(room[20]); });                                                      // <- 2
}

RACE(memory_functions) {
  std::vector<char> letters(100);
  side_by_side([&] { std::memset(letters.data(), 'x', letters.size()); },             // <- 1
               [&] { keep(std::memcmp(letters.data(), letters.data() + 50, 50)); });  // <- 2
}

NO_RACE(quick_sort_by_goroutines, "parts that are sorted apart are merged by who waited for both") {
  auto numbers = count_down(400);
  const auto sort = [&](auto& self, int from, int to) -> void {
    if (to - from < 50) return std::sort(numbers.begin() + from, numbers.begin() + to);
    const int middle = (from + to) / 2;
    side_by_side([&, from, middle] { self(self, from, middle); },
                 [&, middle, to] { self(self, middle, to); });
    std::inplace_merge(numbers.begin() + from, numbers.begin() + middle, numbers.begin() + to);
  };
  sort(sort, 0, 400);
  keep(numbers);
}
