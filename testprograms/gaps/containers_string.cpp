// SPDX-License-Identifier: Apache-2.0
// std::string: short ones inside the object, long ones on the heap; and what looks at characters from
// outside, such as std::string_view, std::hash and std::stoi.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "../cases/containers/sides.h"

namespace {

const char* const long_text = "a text that is too long for the place inside the string object";

}  // namespace

RACE(starts_with_and_character_write) {
  std::string text = "abc";
  side_by_side([&] { keep(text.starts_with("ab")); },  // <- 1
               [&] { text[0] = 'x'; });                // <- 2
}

RACE(stoi_and_character_write) {
  std::string text = "12345";
  side_by_side([&] { keep(std::stoi(text)); },  // <- 1
               [&] { text[0] = '2'; });         // <- 2
}

RACE(stod_and_character_write) {
  std::string text = "12.25";
  side_by_side([&] { keep(std::stod(text)); },  // <- 1
               [&] { text[0] = '2'; });         // <- 2
}
