// SPDX-License-Identifier: Apache-2.0
#pragma once
// Building strings in the detector's own memory. Formatting libraries reach for the program's heap and for
// locales; reports need decimal, hexadecimal and concatenation, no more.
#include <charconv>
#include <concepts>
#include <string_view>

#include "detector/src/internal_memory.h"

namespace snag::detector {

struct hex {
  std::uint64_t value;
  unsigned width = 0;  // zero-padded to this many digits
};

inline void append_one(string& out, std::string_view text) { out.append(text.data(), text.size()); }
inline void append_one(string& out, char c) { out.push_back(c); }
inline void append_one(string& out, std::unsigned_integral auto n) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, n).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}
inline void append_one(string& out, hex h) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, h.value, 16).ptr;
  for (auto n = static_cast<unsigned>(end - digits); n < h.width; ++n) out.push_back('0');
  out.append(digits, static_cast<std::size_t>(end - digits));
}

template <class... Parts>
void append(string& out, const Parts&... parts) {
  (append_one(out, parts), ...);
}

}  // namespace snag::detector
