// SPDX-License-Identifier: Apache-2.0
#pragma once
// What each rule means, for `snag explain`: the word a finding or a hint carries in its `rule` field, or what
// a fatal message names.
#include <span>
#include <string_view>

namespace snag::cli {

struct rule {
  std::string_view name;
  std::string_view title;    // one line
  std::string_view meaning;  // what happened, and why it matters
  std::string_view example;  // a program that has it, as short as can be
  std::string_view mending;
};

std::span<const rule> rules();       // all
std::span<const rule> hint_rules();  // of the hints that races have

}  // namespace snag::cli
