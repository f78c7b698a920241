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
