// SPDX-License-Identifier: Apache-2.0
#include "detector/src/called_object.h"

#include <charconv>

#include "detector/src/call_receiver.h"
#include "detector/src/site_text.h"

namespace snag::detector {
namespace {

std::string_view next_word(std::string_view& rest) {
  const auto end = rest.find('\t');
  const std::string_view word = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return word;
}

// What an access is called on its own side: of a call on an object, that; else what its expression begins
// with.
std::string_view name_on_its_side(const access_description& a) {
  if (!a.through.empty()) return a.object;
  return a.expression.find('(') == string::npos ? first_name_of(a.expression) : std::string_view(a.variable);
}

std::string_view without_scope(std::string_view name) {
  const auto scope = name.rfind("::");
  return scope == name.npos ? name : name.substr(scope + 2);
}

// The object for certain: the call can change nothing else, and what it changed is no memory of others'.
bool is_settled(const access_description& a) { return a.only_object && a.operation == "write"; }

// `from`: the other side, if that is where the name comes from.
void choose_argument(access_description& a, std::string_view name, const access_description* from) {
  const bool known = from != nullptr && from->object == name;
  const string type = known ? from->object_type : string(),
               declaration = known ? from->object_declaration : string();
  a.object_size = known ? from->object_size : 0;
  a.object.assign(name.data(), name.size());
  a.object_type = type;
  a.object_declaration = declaration;
  a.capture = a.path = a.record = "";
  a.field_offset = a.index = -1;
  a.in_argument = true;
}

}  // namespace

called_object called_object_of(const hooks::site& s) {
  called_object out;
  if (s.kind != hooks::site_kind::call && s.kind != hooks::site_kind::inlined_call) return out;
  std::string_view rest = text_of(s.path);
  out.use = next_word(rest);
  const std::string_view size = next_word(rest);
  std::from_chars(size.data(), size.data() + size.size(), out.size);
  out.expression = next_word(rest);
  out.path = rest;
  return out;
}

void prefer_arguments(finding& f) {
  const std::string_view global =
      f.memory.kind == "global" ? without_scope(f.memory.name) : std::string_view();
  string chosen[2];
  for (int i = 0; i < 2; ++i) {
    const access_description &a = f.accesses[i], &other = f.accesses[1 - i];
    if (a.through.empty() || is_settled(a)) continue;
    if (!global.empty() && first_name_of(a.object) == global) continue;
    std::string_view name = name_on_its_side(other);
    if (!global.empty() && mentions_in_arguments(a.through, global)) name = global;
    if (name != a.object && mentions_in_arguments(a.through, name))
      chosen[i].assign(name.data(), name.size());
  }
  for (int i = 0; i < 2; ++i)
    if (!chosen[i].empty() && (chosen[1 - i].empty() || chosen[i] == global))
      choose_argument(f.accesses[i], chosen[i], &f.accesses[1 - i]);
}

}  // namespace snag::detector
