// SPDX-License-Identifier: Apache-2.0
// A look-up hashes all of its key, in std::_Hash_bytes of libstdc++'s shared object.
#include <snag/snag.h>

#include <string>
#include <unordered_map>
#include <unordered_set>

#include "../case.h"
#include "../use.h"

RACE(look_up_by_string_in_large_map) {
  std::unordered_map<std::string, int> m;
  for (int i = 0; i < 100; ++i) m[std::to_string(i)] = i;
  std::string k = "a long key that is in no map at all";
  snag::wait_group other;
  other.go([&] { use(m.contains(k)); });  // <- 1
  k[10] = 'x';                            // <- 2
  other.wait();
}

RACE(look_up_by_string_in_small_map) {
  const std::unordered_map<std::string, int> m = {{"ab", 1}};
  std::string k = "cd";
  snag::wait_group other;
  other.go([&] { use(m.contains(k)); });  // <- 1
  k[1] = 'x';                             // <- 2
  other.wait();
}

RACE(remove_by_string) {
  std::unordered_set<std::string> m;
  for (int i = 0; i < 100; ++i) m.insert(std::to_string(i));
  std::string k = "a long key that is in no map at all";
  snag::wait_group other;
  other.go([&] { m.erase(k); });  // <- 1
  k[10] = 'x';                    // <- 2
  other.wait();
}

RACE(hash_of_string) {
  std::string k = "a long key that is in no map at all";
  snag::wait_group other;
  other.go([&] { use(std::hash<std::string>()(k)); });  // <- 1
  k[10] = 'x';                                          // <- 2
  other.wait();
}

NO_RACE(look_up_by_string_twice) {
  std::unordered_map<std::string, int> m;
  for (int i = 0; i < 100; ++i) m[std::to_string(i)] = i;
  const std::string k = "a long key that is in no map at all";
  snag::wait_group other;
  other.go([&] { use(m.contains(k)); });
  use(m.contains(k));
  other.wait();
}
