// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which tests are meant: GoogleTest's --gtest_filter, for tests of every kind. "Account.*:Cache.*-*.slow":
// patterns that match, then, behind '-', patterns that take away; '*' stands for anything, '?' for one
// character.
#include <string>
#include <string_view>
#include <vector>

namespace snag::cli {

bool matches_pattern(std::string_view pattern, std::string_view text);

class test_filter {
 public:
  test_filter() = default;  // everything
  explicit test_filter(std::string_view text);
  bool matches(std::string_view name) const;

 private:
  std::vector<std::string> wanted_, unwanted_;
};

}  // namespace snag::cli
