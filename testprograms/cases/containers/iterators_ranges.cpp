// SPDX-License-Identifier: Apache-2.0
// Iterators, which may be shared variables themselves, and the views of std::ranges, some of which keep a
// cache.
#include <algorithm>
#include <iterator>
#include <list>
#include <map>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "sides.h"

RACE(iterator_advanced_and_dereferenced) {
  std::vector<int> numbers(4);
  auto at = numbers.begin();
  side_by_side([&] { ++at; },        // <- 1
               [&] { keep(*at); });  // <- 2
}

NO_RACE(iterator_advanced_and_dereferenced_locked) {
  std::vector<int> numbers(4);
  auto at = numbers.begin();
  under_one_mutex([&] { ++at; }, [&] { keep(*at); });
}

NO_RACE(iterator_advanced_and_dereferenced_handed_over) {
  std::vector<int> numbers(4);
  auto at = numbers.begin();
  handed_over([&] { ++at; }, [&] { keep(*at); });
}

NO_RACE(iterator_copies) {
  std::list<int> numbers(4);
  const auto at = numbers.begin();
  const auto walk = [&] {
    auto mine = at;
    std::advance(mine, 2);
    keep(*mine);
  };
  side_by_side(walk, walk);
}

RACE(list_iterator_advanced_and_compared) {
  std::list<int> numbers(4);
  auto at = numbers.begin();
  side_by_side([&] { ++at; },                        // <- 1
               [&] { keep(at == numbers.end()); });  // <- 2
}

RACE(map_iterator_advanced_and_dereferenced) {
  std::map<int, int> ages = {{1, 10}, {2, 20}, {3, 30}};
  auto at = ages.begin();
  side_by_side([&] { ++at; },               // <- 1
               [&] { keep(at->second); });  // <- 2
}

RACE(reverse_iterator_and_write) {
  std::vector<int> numbers(4);
  side_by_side([&] { keep(*numbers.rbegin()); },  // <- 1
               [&] { numbers[3] = 7; });          // <- 2
}

RACE(back_inserter_by_two) {
  std::vector<int> numbers;
  one_after_the_other([&] { *std::back_inserter(numbers) = 1; },   // <- 1
                      [&] { *std::back_inserter(numbers) = 2; });  // <- 2
}

RACE(move_iterator_and_read) {
  std::vector<std::string> names(2, "a name that is too long for the place inside the string");
  one_after_the_other(
      [&] {
        const std::move_iterator begin(names.begin()), end(names.end());
        keep(std::vector<std::string>(begin, end));  // <- 1
      },
      [&] { keep(names[1].size()); });  // <- 2
}

RACE(counted_range_and_write) {
  std::vector<int> numbers(4);
  side_by_side([&] { read_all(std::views::counted(numbers.begin(), 3)); },  // <- 1
               [&] { numbers[2] = 7; });                                    // <- 2
}

RACE(ranges_sort_and_read) {
  std::vector<int> numbers = {3, 1, 2};
  side_by_side([&] { std::ranges::sort(numbers); },  // <- 1
               [&] { keep(numbers[1]); });           // <- 2
}

RACE(ranges_find_and_write) {
  std::vector<int> numbers = {3, 1, 2};
  side_by_side([&] { keep(std::ranges::find(numbers, 2) == numbers.end()); },  // <- 1
               [&] { numbers[0] = 4; });                                       // <- 2
}

RACE(ranges_projection_and_write) {
  struct person {
    std::string name;
    int age;
  };
  std::vector<person> people = {{"Ada", 36}, {"Grace", 85}};
  side_by_side([&] { keep(std::ranges::max_element(people, {}, &person::age)->age); },  // <- 1
               [&] { people[0].age = 37; });                                            // <- 2
}

NO_RACE(ranges_projection_and_other_member) {
  struct person {
    std::string name;
    int age;
  };
  std::vector<person> people = {{"Ada", 36}, {"Grace", 85}};
  side_by_side([&] { keep(std::ranges::max_element(people, {}, &person::age)->age); },
               [&] { people[0].name = "Ada Lovelace"; });
}

RACE(transform_view_and_write) {
  std::vector<int> numbers(4);
  side_by_side([&] { read_all(numbers | std::views::transform([](int n) { return 2 * n; })); },  // <- 1
               [&] { numbers[2] = 7; });                                                         // <- 2
}

RACE(transform_view_and_captured_variable) {
  const std::vector<int> numbers(4);
  int factor = 2;
  side_by_side(
      [&] {
        int sum = 0;
        for (int n : numbers | std::views::transform([&](int n) { return factor * n; })) sum += n;  // <- 1
        keep(sum);
      },
      [&] { factor = 3; });  // <- 2
}

RACE(filter_view_shared, "its first begin() keeps where that is") {
  std::vector<int> numbers = {1, 2, 3, 4};
  auto even = numbers | std::views::filter([](int n) { return n % 2 == 0; });
  one_after_the_other([&] { keep(*even.begin()); },   // <- 1
                      [&] { keep(*even.begin()); });  // <- 2
}

NO_RACE(filter_view_shared_locked) {
  std::vector<int> numbers = {1, 2, 3, 4};
  auto even = numbers | std::views::filter([](int n) { return n % 2 == 0; });
  under_one_mutex([&] { keep(*even.begin()); }, [&] { keep(*even.begin()); });
}

NO_RACE(filter_view_each) {
  const std::vector<int> numbers = {1, 2, 3, 4};
  const auto look = [&] {
    int sum = 0;
    for (const int n : numbers | std::views::filter([](int n) { return n % 2 == 0; })) sum += n;
    keep(sum);
  };
  side_by_side(look, look);
}

RACE(take_and_drop_that_meet) {
  std::vector<int> numbers(6);
  side_by_side([&] { std::ranges::fill(numbers | std::views::take(4), 7); },  // <- 1
               [&] { read_all(numbers | std::views::drop(3)); });             // <- 2
}

NO_RACE(take_and_drop_apart) {
  std::vector<int> numbers(6);
  side_by_side([&] { std::ranges::fill(numbers | std::views::take(3), 7); },
               [&] { std::ranges::fill(numbers | std::views::drop(3), 9); });
}

RACE(reverse_view_and_write) {
  std::vector<int> numbers(6);
  side_by_side([&] { keep((numbers | std::views::reverse)[0]); },  // <- 1
               [&] { numbers[5] = 7; });                           // <- 2
}

RACE(keys_and_insert) {
  std::map<int, int> ages = {{1, 10}, {2, 20}};
  one_after_the_other([&] { ages.emplace(3, 30); },                 // <- 1
                      [&] { read_all(ages | std::views::keys); });  // <- 2
}

RACE(split_view_and_write) {
  std::string text = "a,b,c";
  side_by_side(
      [&] {
        int parts = 0;
        const std::string_view view = text;
        for (const auto& part : view | std::views::split(',')) parts += !part.empty();  // <- 1
        keep(parts);
      },
      [&] { text[2] = 'x'; });  // <- 2
}

RACE(join_view_and_write) {
  std::vector<std::vector<int>> table(2, std::vector<int>(2));
  side_by_side(
      [&] {
        int sum = 0;
        for (const int n : table | std::views::join) sum += n;  // <- 1
        keep(sum);
      },
      [&] { table[1][1] = 7; });  // <- 2
}

NO_RACE(iota_view_shared) {
  const auto numbers = std::views::iota(1, 5);
  const auto sum = [&] {
    int total = 0;
    for (const int n : numbers) total += n;
    keep(total);
  };
  side_by_side(sum, sum);
}
