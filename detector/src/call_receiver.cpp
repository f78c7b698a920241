// SPDX-License-Identifier: Apache-2.0
#include "detector/src/call_receiver.h"

namespace snag::detector {
namespace {

bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' ||
         c == '.';
}

}  // namespace

std::string_view receiver_of(std::string_view call) {
  std::size_t end = 0;   // of the leading path of names
  std::size_t last = 0;  // where the path's last . or -> stands
  while (end < call.size()) {
    const bool arrow = call.substr(end).starts_with("->");
    if (!arrow && !in_name(call[end])) break;
    if (arrow || call[end] == '.') last = end;
    end += arrow ? 2 : 1;
  }
  const std::string_view path = call.substr(0, end);
  if (path.empty() || (path[0] >= '0' && path[0] <= '9')) return {};
  if (end == call.size()) return path;  // a name: an implicit conversion, a range-for
  if (call[end] == '(' || call[end] == '<') return call.substr(0, last);  // a member call, or a free function
  if (call[end] == '[') return path;
  // An operator after a space; a name after one means a declaration or a keyword.
  const std::size_t next = call.find_first_not_of(' ', end);
  if (call[end] != ' ' || next == std::string_view::npos || in_name(call[next]) || call[next] == '(')
    return {};
  return path;
}

}  // namespace snag::detector
