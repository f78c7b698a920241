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

// A program reads them by a grammar that knows every key (runtime/options.h); where that would refuse them,
// it does so itself when it starts.
std::string option_value(const std::string& options, const std::string& key) {
  std::string value;
  for (std::size_t at = 0; (at = options.find(key + "=", at)) != std::string::npos;) {
    const bool begins = at == 0 || std::string_view(" :\t\n").find(options[at - 1]) != std::string_view::npos;
    at += key.size() + 1;
    if (!begins) continue;
    const char quote = at < options.size() ? options[at] : ' ';
    value = quote == '"' || quote == '\'' ? options.substr(at + 1, options.find(quote, at + 1) - at - 1)
                                          : options.substr(at, options.find_first_of(" :\t\n", at) - at);
  }
  return value;
}

}  // namespace snag::cli
