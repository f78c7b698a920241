// SPDX-License-Identifier: Apache-2.0
#pragma once
// Findings that are known and not to be reported, in the format of the sanitizers' files: one "kind:pattern"
// a line, # begins a comment. A pattern matches a part of a name; * stands for anything, ^ and $ for its
// ends.
//   race:pattern      a function, file or variable on either side of a race
//   mutex:pattern     a function, file or lock of a lock's misuse
//   misuse:pattern    a function, file or object of any misuse
//   race_top:pattern  a function or file where one of the two accesses is made
//   deadlock:pattern  a function or file where one of those in it waits or was started, its name, or the name
//                     of what it waits for
//   leak:pattern      the same of a leak
//   thread:pattern    the same of a thread that nobody joined
// ThreadSanitizer's other kinds are read and match nothing here.
#include <string_view>

#include "detector/finding.h"
#include "detector/src/internal_memory.h"

namespace snag::detector {

bool matches_pattern(std::string_view pattern, std::string_view text) noexcept;
// Whether it fits somebody or something in a deadlock or leak.
bool matches_standstill(std::string_view pattern, const finding&) noexcept;

class suppression_list {
 public:
  // Adds the rules of a text. Returns what is wrong with its first wrong line, with its number; empty:
  // nothing.
  string add(std::string_view text);
  // The number of the first rule that covers the finding, from 0; none: no rule does.
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t covering(const finding&) const noexcept;
  std::size_t size() const noexcept { return rules_.size(); }
  const string& text(std::size_t rule) const noexcept { return rules_[rule].text; }  // "race:bump"
  std::uint64_t line(std::size_t rule) const noexcept { return rules_[rule].line; }

 private:
  struct rule {
    string pattern;
    finding_kind kind;
    bool top;     // race_top
    bool locks;   // mutex: of locks alone
    bool thread;  // thread
    string text;
    std::uint64_t line;
    bool covers(const finding&) const noexcept;
  };
  vector<rule> rules_;
};

// Adds the rules of a file. Returns the message of a mistake; empty: none.
string load_suppressions(const string& path, suppression_list& to);

}  // namespace snag::detector
