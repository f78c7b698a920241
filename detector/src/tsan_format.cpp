// SPDX-License-Identifier: Apache-2.0
#include "detector/src/tsan_format.h"

#include "detector/render_words.h"
#include "detector/src/text.h"

namespace snag::detector {
namespace {

std::string_view category(finding_kind kind) { return kind == finding_kind::race ? "data race" : word(kind); }

}  // namespace

string tsan_header(finding_kind kind, std::uint64_t pid) {
  string line;
  append(line, "WARNING: ThreadSanitizer: ", category(kind), " (pid=", pid, ")\n");
  return line;
}

// The sanitizers' grammar: options separated by spaces, commas, colons or newlines, values perhaps in quotes;
// the last one counts.
string tsan_log_path(std::string_view options) {
  constexpr std::string_view separators = " ,:\n\t\r", key = "log_path=";
  std::string_view path;
  while (!options.empty()) {
    const auto begin = options.find_first_not_of(separators);
    if (begin == options.npos) break;
    options.remove_prefix(begin);
    const auto equals = options.find('=');
    if (equals == options.npos) break;
    const bool wanted = options.starts_with(key);
    options.remove_prefix(equals + 1);
    const char quote = options.empty() ? '\0' : options.front();
    std::string_view value;
    if (quote == '\'' || quote == '"') {
      const auto end = options.find(quote, 1);
      value = options.substr(1, end == options.npos ? end : end - 1);
      options.remove_prefix(end == options.npos ? options.size() : end + 1);
    } else {
      value = options.substr(0, options.find_first_of(separators));
      options.remove_prefix(value.size());
    }
    if (wanted) path = value;
  }
  string result;
  if (path == "stdout" || path == "stderr")
    append(result, path);
  else if (!path.empty())
    append(result, path, ".%p");
  return result;
}

}  // namespace snag::detector
