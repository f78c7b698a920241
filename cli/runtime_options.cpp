// SPDX-License-Identifier: Apache-2.0
#include "cli/runtime_options.h"

#include <string_view>

namespace snag::cli {
namespace {

constexpr std::string_view separators = " :\t\n";

template <typename Visit>
void for_each_option(std::string_view options, Visit visit) {
  while (!options.empty()) {
    const auto begin = options.find_first_not_of(separators);
    if (begin == std::string_view::npos) return;
    options.remove_prefix(begin);
    const std::string_view one = options.substr(0, options.find_first_of(separators));
    visit(one.substr(0, one.find('=')), one);
    options.remove_prefix(one.size());
  }
}

}  // namespace

std::string merge_options(const std::string& users, const runtime_options& ours) {
  std::string result;
  const auto append = [&](std::string_view option) {
    if (!result.empty()) result += ' ';
    result += option;
  };
  for_each_option(users, [&](std::string_view key, std::string_view option) {
    if (!ours.contains(std::string(key))) append(option);
  });
  for (const auto& [key, value] : ours) append(key + "=" + value);
  return result;
}

std::string option_value(const std::string& options, const std::string& key) {
  std::string value;
  for_each_option(options, [&](std::string_view found, std::string_view option) {
    if (found == key && option.size() > key.size()) value = option.substr(key.size() + 1);
  });
  return value;
}

}  // namespace snag::cli
