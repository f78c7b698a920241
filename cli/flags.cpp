// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"

#include <fmt/format.h>

#include <algorithm>
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

}  // namespace snag::cli
