// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/test_filter.h"

#include <algorithm>

namespace snag::cli {
namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(':'), text.size());
    if (end != 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool any_matches(const std::vector<std::string>& patterns, std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& p) { return matches_pattern(p, name); });
}

}  // namespace

// Linear in both for each '*': on a mismatch only the last one takes one character more.
bool matches_pattern(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, resumed = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resumed = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resumed;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

test_filter::test_filter(std::string_view text) {
  const std::size_t minus = text.find('-');
  wanted_ = split(text.substr(0, minus));
  if (minus != std::string_view::npos) unwanted_ = split(text.substr(minus + 1));
}

bool test_filter::matches(std::string_view name) const {
  return (wanted_.empty() || any_matches(wanted_, name)) && !any_matches(unwanted_, name);
}

}  // namespace snag::cli
