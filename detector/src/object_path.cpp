// SPDX-License-Identifier: Apache-2.0
#include "detector/src/object_path.h"

#include <charconv>

#include "detector/src/describe.h"
#include "detector/src/text.h"

namespace snag::detector {
namespace {

constexpr char index_begins = '\x02', index_ends = '\x03';

bool read_number(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

std::string_view next_word(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const std::string_view word = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return word;
}

bool is_vectors(const memory_description& m) {
  for (const source_frame& f : m.allocated_at) {
    if (!f.library) return false;
    if (f.function.find("std::_Vector_base<") != string::npos) return true;
  }
  return false;
}

bool is_array_of(std::string_view call, std::string_view type) {
  return !type.empty() && array_type_of(call) == type;
}

// Where the object begins. Of that type and as large as all the block, there is only one place for it.
std::optional<std::uint64_t> base_of(const object_path& p, std::uint64_t address,
                                     const memory_description& m) {
  if (p.size == 0) return std::nullopt;
  if (m.kind == "global") {
    if (m.size != p.size || (p.start != "global" && p.start != "object")) return std::nullopt;
    return m.base;
  }
  if (m.kind != "heap") return std::nullopt;
  if (p.start == "vector") {
    if (m.size % p.size != 0 || !is_vectors(m)) return std::nullopt;
    return m.base;
  }
  if (p.start != "object") return std::nullopt;
  if (m.size == p.size) return m.base;
  const source_frame* made = user_frame(m.allocated_at);
  if (made == nullptr || m.size % p.size != 0 || !is_array_of(made->call, p.type)) return std::nullopt;
  return m.base + (address - m.base) / p.size * p.size;
}

}  // namespace

std::optional<object_path> parse_path(std::string_view rest) {
  object_path p;
  p.start = next_word(rest, '\t');
  p.type = next_word(rest, '\t');
  if (!read_number(next_word(rest, '\t'), p.size) || !read_number(next_word(rest, '\t'), p.offset))
    return std::nullopt;
  p.record = next_word(rest, '\t');
  if (!read_number(next_word(rest, '\t'), p.record_offset)) return std::nullopt;
  p.text = rest;
  return p;
}

void describe_path(access_description& a, const object_path& p, std::uint64_t address,
                   const memory_description& m) {
  const std::optional<std::uint64_t> base = base_of(p, address, m);
  if (const source_frame* made = user_frame(m.allocated_at);
      base && p.start == "object" && m.kind == "heap" && made && is_array_of(made->call, p.type))
    a.block_element = static_cast<std::int64_t>((*base - m.base) / p.size);
  std::uint64_t left = base ? address - *base - p.offset : 0;
  bool numbered = base && address >= *base + p.offset;
  a.record.assign(p.record.data(), p.record.size());
  if (!p.record.empty()) a.field_offset = static_cast<std::int64_t>(p.record_offset);
  std::string_view rest = p.text;
  while (!rest.empty()) {
    const auto begin = rest.find(index_begins), end = rest.find(index_ends);
    if (begin == rest.npos || end == rest.npos || end < begin) break;
    a.path.append(rest.data(), begin);
    std::string_view index = rest.substr(begin + 1, end - begin - 1);
    rest.remove_prefix(end + 1);
    std::uint64_t stride = 0, count = 0;
    const bool read = read_number(next_word(index, ' '), stride) && read_number(next_word(index, ' '), count);
    const std::uint64_t number = read && stride != 0 ? left / stride : 0;
    numbered = numbered && read && stride != 0 && (count == 0 || number < count);
    if (numbered) {
      append(a.path, number);
      a.index = static_cast<std::int64_t>(number);
      left -= number * stride;
    } else {
      a.path.append(index.data(), index.size());
      a.index = -1;
    }
  }
  a.path.append(rest.data(), rest.size());
}

std::string_view array_type_of(std::string_view call) {
  constexpr std::string_view creation = "new ";
  if (call.starts_with(creation)) {
    const auto bracket = call.find('[');
    // (With a parenthesis or brace before it, the bracket belongs to an initialiser.)
    if (bracket == call.npos || call.find_first_of("({") < bracket) return {};
    std::string_view type = call.substr(creation.size(), bracket - creation.size());
    while (type.ends_with(' ')) type.remove_suffix(1);
    return type;
  }
  // calloc(n, sizeof(T)): nothing else fits into such a block.
  constexpr std::string_view zeroed = "calloc(", of = ", sizeof(";
  const auto at = call.rfind(of);
  if (!call.starts_with(zeroed) || at == call.npos || !call.ends_with("))")) return {};
  const std::string_view type = call.substr(at + of.size(), call.size() - at - of.size() - 2);
  return type.find_first_of("()") == type.npos ? type : std::string_view();
}

}  // namespace snag::detector
