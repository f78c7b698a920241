// SPDX-License-Identifier: Apache-2.0
#include "cli/runtime_options.h"

#include <fmt/format.h>

#include "cli/failure.h"

namespace snag::cli {
namespace {

std::string quoted(const std::string& value) {
  if (value.find_first_of(" \t\n:'\"") == std::string::npos) return value;
  for (const char quote : {'"', '\''})
    if (value.find(quote) == std::string::npos) return quote + value + quote;
  throw usage_error(fmt::format("SNAG_OPTIONS cannot hold a value with both kinds of quotes: {}", value));
}

}  // namespace

std::string merge_options(const std::string& users, const runtime_options& ours) {
  std::string result = users;
  for (const auto& [key, value] : ours) {
    if (!result.empty()) result += ' ';
    result += key + "=" + quoted(value);
  }
  return result;
}

}  // namespace snag::cli
