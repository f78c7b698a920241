// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iostream>

#include "cli/clang_arguments.h"
#include "cli/failure.h"

namespace snag::cli {
namespace {

class formatter : public CLI::Formatter {
 public:
  explicit formatter(std::string usage) : usage_(std::move(usage)) { column_width(28); }
  std::string make_usage(const CLI::App*, std::string) const override { return "usage: " + usage_ + "\n"; }

 private:
  const std::string usage_;
};

bool expects_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

}  // namespace

void set_usage(CLI::App& app, const std::string& line) { app.formatter(std::make_shared<formatter>(line)); }

command_words separate(const CLI::App& app, const arguments& words) {
  command_words result;
  std::size_t i = 0;
  for (; i < words.size() && words[i] != "--"; ++i) {
    const std::string word = words[i] == "-race" || words[i] == "-deadlock" ? "-" + words[i] : words[i];
    const std::string name = word.substr(0, word.find('='));
    const CLI::Option* option = name.starts_with("-") ? app.get_option_no_throw(name) : nullptr;
    const bool has_value_apart = option ? expects_value(*option) && name == word : takes_value(word);
    arguments& target = option ? result.own : result.clang;
    target.push_back(word);
    if (has_value_apart && i + 1 < words.size()) target.push_back(words[++i]);
  }
  if (i < words.size())
    result.program.assign(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
  return result;
}

bool parse(CLI::App& app, const arguments& own) {
  try {
    arguments reversed(own.rbegin(), own.rend());
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return false;
  } catch (const CLI::ParseError& error) {
    throw usage_error(fmt::format("{} (see snag {} --help)", error.what(), app.get_name()));
  }
  return true;
}

std::optional<std::chrono::milliseconds> time_limit(const std::string& text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  const double factor = unit == "ms"                  ? 1
                        : unit == "s" || unit.empty() ? 1e3
                        : unit == "m"                 ? 6e4
                        : unit == "h"                 ? 3.6e6
                                                      : 0;
  if (error != std::errc{} || factor == 0 || !(value >= 0) || value * factor > 1e12)
    throw usage_error(
        fmt::format("--timeout {}: expected a time such as 90s, 2m or 500ms; 0: for ever", text));
  const auto time = std::chrono::milliseconds(static_cast<std::int64_t>(value * factor));
  if (value > 0 && time.count() == 0) return std::chrono::milliseconds(1);
  if (time.count() == 0) return std::nullopt;
  return time;
}

}  // namespace snag::cli
