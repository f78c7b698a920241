// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/googletest_output.h"

#include <algorithm>

namespace snag::cli {
namespace {

constexpr std::size_t longest_line = 16 << 10;  // markers stand at the end of a line

struct marker {
  std::string_view text;
  googletest_event::kind what;
};
constexpr marker markers[] = {
    {"[ RUN      ] ", googletest_event::started},
    {"[       OK ] ", googletest_event::passed},
    {"[  FAILED  ] ", googletest_event::failed},
    {"[  SKIPPED ] ", googletest_event::skipped},
};

bool is_disabled(std::string_view name) {
  return name.starts_with("DISABLED_") || name.find("/DISABLED_") != std::string_view::npos;
}

}  // namespace

googletest_output::googletest_output(const std::vector<std::string>& cases) {
  for (std::size_t i = 0; i < cases.size(); ++i) numbers_.emplace(cases[i], i);
}

std::vector<googletest_event> googletest_output::feed(std::string_view bytes) {
  std::vector<googletest_event> events;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t newline = bytes.find('\n', at);
    const std::size_t end = newline == std::string_view::npos ? bytes.size() : newline;
    line_.append(bytes.substr(at, end - at));
    if (line_.size() > longest_line) line_.erase(0, line_.size() - longest_line / 2);
    if (newline == std::string_view::npos) break;
    look_at(line_, end + 1, events);
    line_.clear();
    at = end + 1;
  }
  return events;
}

// What the test printed last may stand before the marker, without a newline.
void googletest_output::look_at(std::string_view line, std::size_t end,
                                std::vector<googletest_event>& events) {
  for (const marker& m : markers) {
    const std::size_t at = line.rfind(m.text);
    if (at == std::string_view::npos) continue;
    std::string_view name = line.substr(at + m.text.size());
    // "Suite.name (3 ms)", "Suite.name, where GetParam() = 1 (3 ms)"; the list at the end has no time.
    if (m.what != googletest_event::started) {
      const std::size_t time = name.rfind(" (");
      if (time == std::string_view::npos || !name.ends_with(" ms)")) continue;
      name = name.substr(0, std::min(time, name.find(", where ")));
    }
    while (!name.empty() && name.back() == '\r') name.remove_suffix(1);
    if (const auto found = numbers_.find(std::string(name)); found != numbers_.end())
      events.push_back({m.what, found->second, end});
  }
}

std::vector<std::string> listed_cases(std::string_view output, bool with_disabled) {
  std::vector<std::string> cases;
  std::string suite;
  while (!output.empty()) {
    const std::size_t end = std::min(output.find('\n'), output.size());
    std::string_view line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    line = line.substr(0, line.find("  # "));  // "TypeParam = …", "GetParam() = …"
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
    if (!line.starts_with("  ")) {
      // What the program itself prints before, such as "Running main() from …", ends otherwise.
      suite = line.ends_with('.') && line.find(' ') == std::string_view::npos ? std::string(line) : "";
      continue;
    }
    line.remove_prefix(2);
    if (suite.empty() || line.empty() || line.find(' ') != std::string_view::npos) continue;
    if (with_disabled || (!is_disabled(suite) && !is_disabled(line)))
      cases.push_back(suite + std::string(line));
  }
  return cases;
}

}  // namespace snag::cli
