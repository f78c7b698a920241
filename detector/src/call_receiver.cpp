// SPDX-License-Identifier: Apache-2.0
#include "detector/src/call_receiver.h"

namespace snag::detector {
namespace {

bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
}

std::size_t name_end(std::string_view text, std::size_t at) {
  while (at < text.size() && in_name(text[at])) ++at;
  return at;
}

// Past the bracket that closes the one at `open`; npos: none does. Text in quotes is passed over.
std::size_t closed(std::string_view text, std::size_t open) {
  const char opens = text[open], closes = opens == '(' ? ')' : opens == '[' ? ']' : '>';
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '"' || text[i] == '\'') {
      const char quote = text[i];
      for (++i; i < text.size() && text[i] != quote; ++i)
        if (text[i] == '\\') ++i;
    } else if (text[i] == opens) {
      ++depth;
    } else if (text[i] == closes && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::string_view receiver_of(std::string_view call) {
  std::size_t end = name_end(call, 0);
  if (end == 0 || (call[0] >= '0' && call[0] <= '9')) return {};
  std::size_t member = 0;  // where the last . or -> stands; what precedes it is what the member belongs to
  while (end < call.size()) {
    const bool arrow = call.substr(end).starts_with("->");
    if (arrow || call[end] == '.') {
      member = end;
      const std::size_t name = end + (arrow ? 2 : 1);
      end = name_end(call, name);
      if (end == name) return {};
      continue;
    }
    if (call[end] != '[' && call[end] != '(' && call[end] != '<') break;
    std::size_t after = closed(call, end);
    if (after != std::string_view::npos && call[end] == '<') {  // template arguments of a call, or of a type
      if (after == call.size() || call[after] != '(') return {};
      after = closed(call, after);
      if (after == call.size()) return call.substr(0, member);
    } else if (after == call.size()) {
      return call.substr(0, call[end] == '[' ? end : member);
    }
    if (after == std::string_view::npos) {  // the text was cut
      return call.substr(0, call[end] == '[' ? end : member);
    }
    end = after;
  }
  if (end == call.size()) return call;  // a name: an implicit conversion, a range-for
  // An operator after a space; a name after one means a declaration or a keyword.
  const std::size_t next = call.find_first_not_of(' ', end);
  if (call[end] != ' ' || next == std::string_view::npos || in_name(call[next]) || call[next] == '(')
    return {};
  return call.substr(0, end);
}

std::string_view first_argument_of(std::string_view call) {
  if (!call.ends_with(')') && !call.ends_with('}')) return {};
  const char opens = call.back() == ')' ? '(' : '{';
  std::size_t open = call.size() - 1;
  for (int depth = 0; open != 0; --open) {
    if (call[open] == call.back()) ++depth;
    if (call[open] == opens && --depth == 0) break;
  }
  std::string_view argument = call.substr(open + 1, call.size() - open - 2);
  argument = argument.substr(0, argument.find(','));
  while (argument.starts_with(' ') || argument.starts_with('&')) argument.remove_prefix(1);
  std::size_t end = 0;
  while (end < argument.size()) {
    if (argument[end] == '.') ++end;
    if (argument.substr(end).starts_with("->")) end += 2;
    const std::size_t next = name_end(argument, end);
    if (next == end) break;
    end = next;
  }
  return end == argument.size() && end != 0 ? argument : std::string_view();
}

}  // namespace snag::detector
