// SPDX-License-Identifier: Apache-2.0
// std::map, set, multimap and multiset: nodes of a tree that is balanced as it grows and shrinks.
#include <map>
#include <set>
#include <string>
#include <utility>

#include "sides.h"

namespace {

std::map<int, int> map_of(int count) {
  std::map<int, int> all;
  for (int i = 0; i < count; ++i) all.emplace(2 * i, i);
  return all;
}

}  // namespace

RACE(insert_and_insert) {
  std::map<int, int> ages;
  one_after_the_other([&] { ages.emplace(1, 10); },   // <- 1
                      [&] { ages.emplace(2, 20); });  // <- 2
}

NO_RACE(insert_and_insert_locked) {
  std::map<int, int> ages;
  under_one_mutex([&] { ages.emplace(1, 10); }, [&] { ages.emplace(2, 20); });
}

NO_RACE(insert_and_insert_handed_over) {
  std::map<int, int> ages;
  handed_over([&] { ages.emplace(1, 10); }, [&] { ages.emplace(2, 20); });
}

RACE(insert_and_find) {
  auto ages = map_of(3);
  one_after_the_other([&] { ages.emplace(5, 10); },      // <- 1
                      [&] { keep(ages.contains(5)); });  // <- 2
}

RACE(rebalancing_and_find, "the way to an old key is another one than it was") {
  auto ages = map_of(3);
  one_after_the_other(
      [&] {
        for (int i = 10; i < 40; ++i) ages.emplace(i, i);  // <- 1
      },
      [&] { keep(ages.find(2)->second); });  // <- 2
}

RACE(find_and_rebalancing) {
  auto ages = map_of(3);
  one_after_the_other([&] { keep(ages.find(2)->second); },  // <- 1
                      [&] {
                        for (int i = 10; i < 40; ++i) ages.emplace(i, i);  // <- 2
                      });
}

RACE(erase_and_iterate) {
  auto ages = map_of(20);
  one_after_the_other([&] { ages.erase(8); },    // <- 1
                      [&] { read_all(ages); });  // <- 2
}

RACE(iterate_and_erase) {
  auto ages = map_of(20);
  one_after_the_other([&] { read_all(ages); },  // <- 1
                      [&] { ages.erase(8); });  // <- 2
}

RACE(erase_of_the_first_and_begin) {
  auto ages = map_of(20);
  one_after_the_other([&] { ages.erase(ages.begin()); },     // <- 1
                      [&] { keep(ages.begin()->second); });  // <- 2
}

RACE(insert_and_size) {
  auto ages = map_of(3);
  side_by_side([&] { ages.emplace(7, 1); },  // <- 1
               [&] { keep(ages.size()); });  // <- 2
}

RACE(extract_and_find) {
  auto ages = map_of(3);
  one_after_the_other([&] { keep(ages.extract(2).key()); },  // <- 1
                      [&] { keep(ages.contains(2)); });      // <- 2
}

RACE(node_handle_and_iterate, "the node of one map becomes another's") {
  auto ages = map_of(3);
  std::map<int, int> others;
  one_after_the_other([&] { others.insert(ages.extract(2)); },  // <- 1
                      [&] { read_all(others); });               // <- 2
}

RACE(merge_and_iterate) {
  auto ages = map_of(10);
  std::map<int, int> others = {{1, 1}, {3, 3}, {4, 4}};
  one_after_the_other([&] { ages.merge(others); },  // <- 1
                      [&] { read_all(others); });   // <- 2
}

RACE(value_and_same_value) {
  auto ages = map_of(3);
  side_by_side([&] { ages.at(2) = 7; },     // <- 1
               [&] { keep(ages.at(2)); });  // <- 2
}

NO_RACE(value_and_other_value) {
  auto ages = map_of(3);
  side_by_side([&] { ages.at(2) = 7; }, [&] { ages.at(4) = 7; });
}

NO_RACE(value_and_insertion_elsewhere, "nodes stay where they are") {
  auto ages = map_of(3);
  int& age = ages.at(2);
  side_by_side([&] { age = 7; },
               [&] {
                 for (int i = 10; i < 40; ++i) ages.emplace(i, i);
               });
}

RACE(subscript_inserts) {
  std::map<std::string, int> ages;
  one_after_the_other([&] { ages["Ada"] = 36; },            // <- 1
                      [&] { keep(ages.count("Grace")); });  // <- 2
}

RACE(lower_bound_and_erase) {
  auto ages = map_of(5);
  one_after_the_other([&] { keep(ages.lower_bound(3)->first); },  // <- 1
                      [&] { ages.erase(4); });                    // <- 2
}

RACE(clear_and_empty) {
  auto ages = map_of(5);
  side_by_side([&] { ages.clear(); },         // <- 1
               [&] { keep(ages.empty()); });  // <- 2
}

RACE(clear_and_iterate) {
  auto ages = map_of(5);
  one_after_the_other([&] { read_all(ages); },  // <- 1
                      [&] { ages.clear(); });   // <- 2
}

RACE(copy_and_insert) {
  auto ages = map_of(5);
  one_after_the_other([&] { keep(ages); },           // <- 1
                      [&] { ages.emplace(3, 3); });  // <- 2
}

RACE(swap_and_find) {
  auto ages = map_of(5), others = map_of(2);
  one_after_the_other([&] { ages.swap(others); },          // <- 1
                      [&] { keep(others.contains(8)); });  // <- 2
}

RACE(move_assignment_and_size) {
  auto ages = map_of(5), others = map_of(2);
  one_after_the_other([&] { ages = std::move(others); },  // <- 1
                      [&] { keep(ages.size()); });        // <- 2
}

RACE(backwards_and_insert) {
  auto ages = map_of(5);
  one_after_the_other([&] { ages.emplace(100, 1); },         // <- 1
                      [&] { keep(ages.rbegin()->first); });  // <- 2
}

NO_RACE(all_read) {
  const auto ages = map_of(20);
  const auto sum = [&] {
    int total = ages.at(4);
    for (const auto& [name, age] : ages) total += age;
    keep(total);
  };
  side_by_side(sum, sum);
}

NO_RACE(map_of_many) {
  std::map<int, int> ages;
  many_under_one_mutex([&](int i) {
    ages[i * 37 % 100] = i;
    if (i % 3 == 0) ages.erase(i * 11 % 100);
    keep(ages.lower_bound(50) == ages.end());
    keep(ages);
  });
}

RACE(multimap_equal_range_and_insert) {
  std::multimap<int, int> visits = {{1, 1}, {1, 2}, {2, 3}};
  one_after_the_other([&] { visits.emplace(1, 9); },                         // <- 1
                      [&] { keep(visits.equal_range(1).second->second); });  // <- 2
}

RACE(multimap_count_and_erase) {
  std::multimap<int, int> visits = {{1, 1}, {1, 2}, {2, 3}};
  one_after_the_other([&] { keep(visits.count(1)); },  // <- 1
                      [&] { visits.erase(1); });       // <- 2
}

NO_RACE(multimap_locked) {
  std::multimap<int, int> visits;
  many_under_one_mutex([&](int i) {
    visits.emplace(i % 5, i);
    if (i % 10 == 0) visits.erase(i % 3);
    keep(visits.count(2));
  });
}

RACE(set_insert_and_contains) {
  std::set<int> numbers = {1, 2, 3};
  one_after_the_other([&] { numbers.insert(4); },           // <- 1
                      [&] { keep(numbers.contains(4)); });  // <- 2
}

RACE(set_of_strings_comparison_and_erase, "comparing reads the keys") {
  std::set<std::string> names = {"Ada", "Grace", "Barbara"};
  one_after_the_other([&] { keep(names.count("Barbara")); },  // <- 1
                      [&] { names.erase("Barbara"); });       // <- 2
}

RACE(multiset_insert_and_iterate) {
  std::multiset<int> numbers = {1, 1, 2};
  one_after_the_other([&] { numbers.insert(1); },   // <- 1
                      [&] { read_all(numbers); });  // <- 2
}

NO_RACE(set_of_many) {
  std::set<std::string> names;
  many_under_one_mutex([&](int i) {
    names.insert(std::to_string(i) + " and some more, to be longer than what fits");
    if (names.size() > 20) names.erase(names.begin());
    keep(*names.rbegin());
  });
}
