// SPDX-License-Identifier: Apache-2.0
#pragma once
// What each rule means, for `snag explain`: the word a finding or a hint carries in its `rule` field, what a
// fatal message names, or what a check of the source reports.
#include <span>
#include <string_view>

namespace snag::cli {

struct rule {
  std::string_view name;
  std::string_view title;    // one line
  std::string_view meaning;  // what happened, and why it matters
  std::string_view example;  // a program that has it, as short as can be
  std::string_view mending;
  std::string_view unseen = {};  // of a check of the source: what it does not report
};

std::span<const rule> rules();           // all
std::span<const rule> run_time_rules();  // of findings and fatal messages
std::span<const rule> hint_rules();      // of the hints that races have
std::span<const rule> vet_rules();       // of `snag vet`

}  // namespace snag::cli
