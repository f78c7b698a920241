// SPDX-License-Identifier: Apache-2.0
#include "runtime/options.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>

namespace snag::detail {
namespace {

constexpr std::size_t key_count = std::size(known_options);

// Answers key_count if the text at `p` is no known key followed by '='.
std::size_t key_at(const char* p) noexcept {
  const std::size_t length = std::strcspn(p, "=: ");
  if (p[length] != '=') return key_count;
  for (std::size_t i = 0; i < key_count; ++i)
    if (known_options[i] == std::string_view(p, length)) return i;
  return key_count;
}

bool looks_like_key(const char* p) noexcept {
  const std::size_t length = std::strspn(p, "abcdefghijklmnopqrstuvwxyz_");
  return length > 0 && p[length] == '=';
}

struct parsed_options {
  char* text = nullptr;  // the values point into it
  const char* values[key_count] = {};
  bool done = false;
};
constinit parsed_options parsed;

// What is wrong with a piece that parse_options refused.
[[noreturn]] void usage_error(const char* piece) noexcept {
  const int key_length = static_cast<int>(std::strcspn(piece, "=: \t\n"));
  const auto key = std::string_view(piece, static_cast<std::size_t>(key_length));
  const bool known =
      std::find(std::begin(known_options), std::end(known_options), key) != std::end(known_options);
  char line[1024];
  int length = 0;
  if (known && piece[key_length] == '=') {
    length =
        std::snprintf(line, sizeof line, "snag: SNAG_OPTIONS: the closing quote is missing: %.200s ", piece);
  } else if (known) {
    length = std::snprintf(line, sizeof line, "snag: SNAG_OPTIONS: '%.*s' needs a value: %.*s=VALUE ",
                           key_length, piece, key_length, piece);
  } else {
    length =
        std::snprintf(line, sizeof line,
                      "snag: SNAG_OPTIONS: unknown option '%.*s'; known: ", std::min(key_length, 64), piece);
    for (const auto option : known_options)
      length += std::snprintf(line + length, sizeof line - static_cast<std::size_t>(length), "%.*s ",
                              static_cast<int>(option.size()), option.data());
  }
  line[length - 1] = '\n';
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line, static_cast<std::size_t>(length));
  _exit(64);
}

void parse_environment() noexcept {
  const char* environment = std::getenv("SNAG_OPTIONS");
  if (environment != nullptr) {
    parsed.text = strdup(environment);
    const char* bad = parse_options(
        parsed.text,
        [](void* into, std::size_t key, const char* value) { static_cast<const char**>(into)[key] = value; },
        parsed.values);
    if (bad != nullptr) usage_error(bad);
  }
  parsed.done = true;
}

}  // namespace

const char* parse_options(char* text, void (*set)(void*, std::size_t, const char*), void* argument) {
  char* p = text;
  for (;;) {
    p += std::strspn(p, " :\t\n");
    if (*p == '\0') return nullptr;
    const std::size_t key = key_at(p);
    if (key == key_count) return p;
    char* value = p + known_options[key].size() + 1;
    char* end = value;
    if (*value == '\'' || *value == '"') {
      const char quote = *value++;
      end = std::strchr(value, quote);
      if (end == nullptr) return p;
    } else {
      while (*end != '\0' && *end != ' ' && *end != '\t' && *end != '\n') {
        if (*end == ':' && (looks_like_key(end + 1) || std::strchr(" \t\n:", end[1]) != nullptr)) break;
        ++end;
      }
    }
    const bool last = *end == '\0';
    *end = '\0';
    set(argument, key, value);
    if (last) return nullptr;
    p = end + 1;
  }
}

const char* option(std::string_view key) noexcept {
  if (!parsed.done) parse_environment();
  for (std::size_t i = 0; i < key_count; ++i)
    if (known_options[i] == key) return parsed.values[i];
  return nullptr;
}

}  // namespace snag::detail
