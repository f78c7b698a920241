// SPDX-License-Identifier: Apache-2.0
// std::unordered_map, unordered_set and their multi versions: buckets, the list of nodes behind them,
// rehashing.
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "sides.h"

RACE(insert_and_insert) {
  std::unordered_map<int, int> ages;
  one_after_the_other([&] { ages.emplace(1, 10); },   // <- 1
                      [&] { ages.emplace(2, 20); });  // <- 2
}

NO_RACE(insert_and_insert_locked) {
  std::unordered_map<int, int> ages;
  under_one_mutex([&] { ages.emplace(1, 10); }, [&] { ages.emplace(2, 20); });
}

NO_RACE(insert_and_insert_handed_over) {
  std::unordered_map<int, int> ages;
  handed_over([&] { ages.emplace(1, 10); }, [&] { ages.emplace(2, 20); });
}

RACE(insert_and_find) {
  std::unordered_map<int, int> ages = {{1, 10}, {2, 20}};
  one_after_the_other([&] { ages.emplace(3, 30); },      // <- 1
                      [&] { keep(ages.contains(3)); });  // <- 2
}

RACE(rehash_and_find, "the buckets are new ones") {
  std::unordered_map<int, int> ages = {{1, 10}, {2, 20}};
  one_after_the_other([&] { ages.rehash(1000); },            // <- 1
                      [&] { keep(ages.find(1)->second); });  // <- 2
}

RACE(find_and_rehash_by_insertion, "the old buckets are given back") {
  std::unordered_map<int, int> ages = {{1, 10}, {2, 20}};
  one_after_the_other([&] { keep(ages.find(1)->second); },  // <- 1
                      [&] {
                        for (int i = 10; i < 500; ++i) ages.emplace(i, i);  // <- 2
                      });
}

RACE(reserve_and_bucket_count) {
  std::unordered_map<int, int> ages = {{1, 10}, {2, 20}};
  side_by_side([&] { ages.reserve(1000); },          // <- 1
               [&] { keep(ages.bucket_count()); });  // <- 2
}

RACE(max_load_factor) {
  std::unordered_map<int, int> ages;
  side_by_side([&] { ages.max_load_factor(0.5f); },     // <- 1
               [&] { keep(ages.max_load_factor()); });  // <- 2
}

RACE(erase_and_iterate) {
  std::unordered_map<int, int> ages = {{1, 10}, {2, 20}, {3, 30}};
  one_after_the_other([&] { ages.erase(2); },    // <- 1
                      [&] { read_all(ages); });  // <- 2
}

RACE(iterate_and_erase) {
  std::unordered_map<int, int> ages = {{1, 10}, {2, 20}, {3, 30}};
  one_after_the_other([&] { read_all(ages); },  // <- 1
                      [&] { ages.erase(2); });  // <- 2
}

RACE(clear_and_size) {
  std::unordered_map<int, int> ages = {{1, 10}, {2, 20}};
  side_by_side([&] { ages.clear(); },        // <- 1
               [&] { keep(ages.size()); });  // <- 2
}

RACE(clear_and_find) {
  std::unordered_map<int, int> ages = {{1, 10}, {2, 20}};
  one_after_the_other([&] { ages.clear(); },             // <- 1
                      [&] { keep(ages.contains(1)); });  // <- 2
}

RACE(value_and_same_value) {
  std::unordered_map<std::string, int> ages = {{"Ada", 1}, {"Grace", 2}};
  side_by_side([&] { ages.at("Ada") = 7; },     // <- 1
               [&] { keep(ages.at("Ada")); });  // <- 2
}

NO_RACE(value_and_other_value) {
  std::unordered_map<std::string, int> ages = {{"Ada", 1}, {"Grace", 2}};
  side_by_side([&] { ages.at("Ada") = 7; }, [&] { ages.at("Grace") = 7; });
}

NO_RACE(value_and_rehash, "nodes stay where they are") {
  std::unordered_map<int, int> ages = {{1, 10}, {2, 20}};
  int& age = ages.at(1);
  side_by_side([&] { age = 7; },
               [&] {
                 for (int i = 10; i < 500; ++i) ages.emplace(i, i);
               });
}

RACE(subscript_inserts) {
  std::unordered_map<std::string, int> ages;
  one_after_the_other([&] { ages["Ada"] = 36; },    // <- 1
                      [&] { keep(ages.size()); });  // <- 2
}

RACE(merge_and_size) {
  std::unordered_map<int, int> ages = {{1, 10}}, others = {{2, 20}};
  one_after_the_other([&] { ages.merge(others); },    // <- 1
                      [&] { keep(others.size()); });  // <- 2
}

RACE(extract_and_find) {
  std::unordered_map<int, int> ages = {{1, 10}, {2, 20}};
  one_after_the_other([&] { keep(ages.extract(1).empty()); },  // <- 1
                      [&] { keep(ages.contains(1)); });        // <- 2
}

RACE(copy_and_insert) {
  std::unordered_map<int, int> ages = {{1, 10}, {2, 20}};
  one_after_the_other([&] { keep(ages); },            // <- 1
                      [&] { ages.emplace(3, 30); });  // <- 2
}

RACE(swap_and_size) {
  std::unordered_map<int, int> ages = {{1, 10}}, others;
  side_by_side([&] { ages.swap(others); },   // <- 1
               [&] { keep(ages.size()); });  // <- 2
}

RACE(bucket_and_insert) {
  std::unordered_map<int, int> ages = {{1, 10}};
  one_after_the_other([&] { ages.emplace(2, 20); },                // <- 1
                      [&] { keep(ages.begin(ages.bucket(1))); });  // <- 2
}

NO_RACE(all_read) {
  const std::unordered_map<std::string, int> ages = {{"Ada", 36}, {"Grace", 85}};
  const auto sum = [&] {
    int total = ages.at("Ada");
    for (const auto& [name, age] : ages) total += age;
    keep(total);
  };
  side_by_side(sum, sum);
}

NO_RACE(map_of_many) {
  std::unordered_map<int, int> ages;
  many_under_one_mutex([&](int i) {
    ages[i * 37 % 100] = i;
    if (i % 3 == 0) ages.erase(i * 11 % 100);
    keep(ages);
  });
}

RACE(set_insert_and_count) {
  std::unordered_set<int> numbers = {1, 2};
  one_after_the_other([&] { numbers.insert(3); },        // <- 1
                      [&] { keep(numbers.count(3)); });  // <- 2
}

RACE(set_of_strings_find_and_erase, "keys are compared") {
  std::unordered_set<std::string> names = {"Ada", "Grace"};
  one_after_the_other([&] { keep(names.contains("Ada")); },  // <- 1
                      [&] { names.erase("Ada"); });          // <- 2
}

RACE(multimap_equal_range_and_insert) {
  std::unordered_multimap<int, int> visits = {{1, 1}, {1, 2}};
  one_after_the_other([&] { visits.emplace(1, 3); },                        // <- 1
                      [&] { keep(visits.equal_range(1).first->second); });  // <- 2
}

RACE(multiset_erase_and_count) {
  std::unordered_multiset<int> numbers = {1, 1, 2};
  one_after_the_other([&] { keep(numbers.count(1)); },  // <- 1
                      [&] { numbers.erase(1); });       // <- 2
}

NO_RACE(set_of_many) {
  std::unordered_set<std::string> names;
  many_under_one_mutex([&](int i) {
    names.insert(std::to_string(i) + " and some more, to be longer than what fits");
    if (names.size() > 20) names.erase(names.begin());
    keep(names.size());
  });
}
