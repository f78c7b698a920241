// SPDX-License-Identifier: Apache-2.0
#include "detector/src/call_receiver.h"

#include "detector/src/text.h"

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

struct libc_function {
  std::string_view name;
  int read, written;  // arguments that point to what is read and written; -1: none, or several
};
constexpr libc_function libc_functions[] = {
    {"read", -1, 1},     {"pread", -1, 1},    {"recv", -1, 1},   {"recvfrom", -1, 1}, {"fread", -1, 0},
    {"fgets", -1, 0},    {"write", 1, -1},    {"pwrite", 1, -1}, {"send", 1, -1},     {"sendto", 1, -1},
    {"fwrite", 0, -1},   {"fputs", 0, -1},    {"puts", 0, -1},   {"memcpy", 1, 0},    {"memmove", 1, 0},
    {"mempcpy", 1, 0},   {"strcpy", 1, 0},    {"stpcpy", 1, 0},  {"strncpy", 1, 0},   {"strcat", -1, 0},
    {"strncat", -1, 0},  {"memset", -1, 0},   {"bzero", -1, 0},  {"strlen", 0, -1},   {"strnlen", 0, -1},
    {"strdup", 0, -1},   {"strndup", 0, -1},  {"memchr", 0, -1}, {"memrchr", 0, -1},  {"strchr", 0, -1},
    {"strrchr", 0, -1},  {"atoi", 0, -1},     {"atol", 0, -1},   {"atoll", 0, -1},    {"atof", 0, -1},
    {"snprintf", -1, 0}, {"sprintf", -1, 0},  {"qsort", 0, 0},   {"strftime", -1, 0}, {"localtime_r", 0, 1},
    {"gmtime_r", 0, 1},  {"vsnprintf", -1, 0}};

// "name", "a.b->c[i]": the whole text, or nothing.
bool is_plain_name(std::string_view text) {
  std::size_t end = name_end(text, 0);
  if (end == 0 || (text[0] >= '0' && text[0] <= '9')) return false;
  while (end < text.size()) {
    if (text[end] == '[') {
      end = closed(text, end);
    } else {
      const std::size_t name = end + (text[end] == '.' ? 1 : text.substr(end).starts_with("->") ? 2 : 0);
      if (name == end || (end = name_end(text, name)) == name) return false;
    }
  }
  return end == text.size();
}

// The n-th of the arguments that the bracket at `open` begins; empty if the text ends before its end.
std::string_view nth_argument(std::string_view call, std::size_t open, unsigned n) {
  std::size_t begin = open + 1, at = begin;
  while (at < call.size()) {
    const char c = call[at];
    if (c == '"' || c == '\'') {
      for (++at; at < call.size() && call[at] != c; ++at)
        if (call[at] == '\\') ++at;
      ++at;
    } else if (c == '(' || c == '[') {
      at = closed(call, at);
      if (at == std::string_view::npos) return {};
    } else if (c == ',' || c == ')') {
      if (n == 0) return call.substr(begin, at - begin);
      if (c == ')') return {};
      --n;
      begin = ++at;
    } else {
      ++at;
    }
  }
  return {};
}

}  // namespace

std::string_view pointed_to_by_argument(std::string_view call, unsigned n) {
  const std::size_t open = name_end(call, 0);
  if (open == 0 || open == call.size() || call[open] != '(') return {};
  std::string_view argument = nth_argument(call, open, n);
  while (argument.starts_with(' ') || argument.starts_with('&')) argument.remove_prefix(1);
  for (const std::string_view accessor : {".data()", ".c_str()"})
    if (argument.ends_with(accessor)) argument.remove_suffix(accessor.size());
  return is_plain_name(argument) ? argument : std::string_view();
}

std::string_view touched_by_libc(std::string_view call, bool write) {
  std::string_view name = call.substr(0, name_end(call, 0));
  for (const std::string_view scope : {"std::", "::"})
    if (name.starts_with(scope)) name.remove_prefix(scope.size());
  for (const libc_function& f : libc_functions)
    if (f.name == name) {
      const int argument = write ? f.written : f.read;
      return argument < 0 ? std::string_view()
                          : pointed_to_by_argument(call, static_cast<unsigned>(argument));
    }
  return {};
}

std::string_view first_name_of(std::string_view expression) {
  if (expression.empty() || (expression[0] >= '0' && expression[0] <= '9')) return {};
  return expression.substr(0, name_end(expression, 0));
}

bool mentions_in_arguments(std::string_view call, std::string_view name) {
  const std::string_view receiver = receiver_of(call);
  if (name.empty()) return false;
  const std::size_t from = receiver.empty() ? call.find_first_of("([{") : receiver.size();
  for (std::size_t at = from; at != call.npos && (at = call.find(name, at)) != call.npos; ++at) {
    const std::size_t end = at + name.size();
    if (at != 0 && (in_name(call[at - 1]) || call[at - 1] == '.' || call[at - 1] == '>')) continue;
    if (end == call.size() || !in_name(call[end])) return true;
  }
  return false;
}

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

string sent_to_by_select(std::string_view call) {
  constexpr std::string_view send = "on_send(";
  string out;
  for (std::size_t at = 0; (at = call.find(send, at)) != call.npos; at += send.size()) {
    const std::string_view channel = nth_argument(call, at + send.size() - 1, 0);
    if (!is_plain_name(channel)) continue;
    if (std::string_view(out).find(channel) != std::string_view::npos) continue;
    append(out, out.empty() ? "" : " or ", channel);
  }
  return out;
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
