// SPDX-License-Identifier: Apache-2.0
#include "detector/render_names.h"

namespace snag::detector {
namespace {

constexpr std::size_t longest_arguments = 32, longest_parameters = 48, longest_constraint = 32;
constexpr std::string_view call_operator = "::operator()";

bool is_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

// The length of an operator's name at the start of the text, symbols included; 0: none.
std::size_t operator_name(std::string_view text) {
  constexpr std::string_view word = "operator";
  if (!text.starts_with(word)) return 0;
  const std::string_view symbols = text.substr(word.size());
  if (symbols.starts_with("()")) return word.size() + 2;
  std::size_t n = symbols.find_first_not_of("<>=-!+*/%^&|~,[]");
  if (n == std::string_view::npos) n = symbols.size();
  // operator< <int>(...): the demangler sets template arguments apart.
  return n == 0 ? 0 : word.size() + n;
}

// The length of a bracketed list at the start of the text, brackets included; 0: it has no end.
std::size_t list(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((i == 0 || !is_identifier(text[i - 1])))
      if (const std::size_t n = operator_name(text.substr(i)); n != 0) {
        i += n - 1;
        continue;
      }
    const char c = text[i];
    if (c == '<' || c == '(') ++depth;
    if (c == ')' || (c == '>' && (i == 0 || text[i - 1] != '-'))) --depth;
    if (depth == 0) return i + 1;
  }
  return 0;
}

// What a lambda's call operator is called: "$_0::operator()(int) const", "'lambda0'(int)::operator()(int)
// const". Its length; 0: it is something else.
std::size_t lambda_call(std::string_view text) {
  std::size_t n;
  if (text.starts_with("$_")) {
    n = text.find_first_not_of("0123456789", 2);
  } else if (text.starts_with("'lambda")) {
    n = text.find('(');
    if (n != std::string_view::npos) n += list(text.substr(n));
  } else {
    return 0;
  }
  if (n == std::string_view::npos || !text.substr(n).starts_with(call_operator)) return 0;
  n += call_operator.size();
  if (text.substr(n).starts_with('<')) n += list(text.substr(n));
  const std::size_t parameters = text.substr(n).starts_with('(') ? list(text.substr(n)) : 0;
  if (parameters == 0) return 0;
  n += parameters;
  constexpr std::string_view qualifier = " const";
  return text.substr(n).starts_with(qualifier) ? n + qualifier.size() : n;
}

// The length of a constraint at the start of the text, " requires C<int> && …": up to what is inside the
// function, or to the end of the list that it stands in. 0: none.
std::size_t constraint(std::string_view text) {
  constexpr std::string_view word = " requires ";
  if (!text.starts_with(word)) return 0;
  int depth = 0;
  std::size_t i = word.size();
  for (; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    const bool compares = text[i - 1] == ' ';  // "sizeof(T) > 2"; brackets of lists have no space before them
    if (rest[0] == '(' || (rest[0] == '<' && !compares)) ++depth;
    if (depth == 0 && (rest[0] == ',' || rest.starts_with("::$_") || rest.starts_with("::'lambda"))) break;
    if ((rest[0] == ')' || (rest[0] == '>' && !compares)) && --depth < 0) break;
  }
  return i;
}

}  // namespace

string displayed_function(std::string_view name) {
  string out;
  for (std::size_t i = 0; i < name.size();) {
    const std::string_view rest = name.substr(i);
    const bool word_begins = i == 0 || !is_identifier(name[i - 1]);
    std::size_t n = word_begins ? lambda_call(rest) : 0;
    if (n != 0) {
      out += "{lambda}";
      i += n;
      continue;
    }
    if (const std::size_t clause = constraint(rest); clause > longest_constraint) {
      out += " requires ...";
      i += clause;
      continue;
    }
    n = word_begins ? operator_name(rest) : 0;
    if (n == 0 && (rest[0] == '<' || rest[0] == '(')) {
      n = list(rest);
      if (n > (rest[0] == '<' ? longest_arguments : longest_parameters)) {
        out += rest[0] == '<' ? "<...>" : "(...)";
        i += n;
        continue;
      }
      n = 1;  // short as a whole; what it holds is read on
    }
    if (n == 0) n = 1;
    out.append(rest.data(), n);
    i += n;
  }
  return out;
}

}  // namespace snag::detector
