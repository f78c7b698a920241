// SPDX-License-Identifier: Apache-2.0
#include "cli/finding_json.h"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

#include "detector/render_words.h"

namespace snag::cli {

using namespace detector;

const json& member(const json& object, const char* name) {
  if (!object.is_object())
    throw std::runtime_error(fmt::format("what should have a '{}' is no object", name));
  const auto at = object.find(name);
  if (at == object.end()) throw std::runtime_error(fmt::format("a '{}' is missing", name));
  return *at;
}

namespace {

[[noreturn]] void mistyped(const char* name, const char* type) {
  throw std::runtime_error(fmt::format("a '{}' is no {}", name, type));
}

class object {
 public:
  explicit object(const json& j) : json_(j) {}

  detector::string text(const char* name) const {
    const json& j = member(json_, name);
    if (!j.is_string()) mistyped(name, "text");
    const auto& s = j.get_ref<const std::string&>();
    return {s.data(), s.size()};
  }
  std::uint64_t number(const char* name) const {
    const json& j = member(json_, name);
    if (!j.is_number_unsigned()) mistyped(name, "number");
    return j.get<std::uint64_t>();
  }
  std::uint32_t small(const char* name) const { return static_cast<std::uint32_t>(number(name)); }
  std::int64_t number_or_null(const char* name) const {
    return member(json_, name).is_null() ? -1 : static_cast<std::int64_t>(number(name));
  }
  bool flag(const char* name) const {
    const json& j = member(json_, name);
    if (!j.is_boolean()) mistyped(name, "true or false");
    return j.get<bool>();
  }
  std::uint64_t address(const char* name) const {
    const detector::string digits = text(name);
    std::uint64_t out = 0;
    const char* const end = digits.data() + digits.size();
    if (digits.size() < 3 || !digits.starts_with("0x") ||
        std::from_chars(digits.data() + 2, end, out, 16).ptr != end)
      mistyped(name, "address");
    return out;
  }
  template <class T>
  detector::vector<T> list(const char* name, T (*read)(const object&)) const {
    const json& j = member(json_, name);
    if (!j.is_array()) mistyped(name, "list");
    detector::vector<T> out;
    out.reserve(j.size());
    for (const json& element : j) out.push_back(read(object(element)));
    return out;
  }
  bool has(const char* name) const { return json_.contains(name); }
  object part(const char* name) const { return object(member(json_, name)); }
  bool is_null(const char* name) const { return member(json_, name).is_null(); }

 private:
  const json& json_;
};

source_frame frame(const object& o) {
  return {o.text("function"), o.text("file"),    o.small("line"),   o.small("column"),
          o.flag("inlined"),  o.flag("runtime"), o.flag("library"), o.text("call")};
}

detector::vector<source_frame> stack(const object& o, const char* name) { return o.list(name, frame); }

lock_description lock(const object& o) {
  return {o.text("kind"), o.text("mode"), o.text("name"), o.address("address"), stack(o, "taken_at")};
}

access_description access(const object& o) {
  access_description a;
  a.operation = o.text("operation");
  a.address = o.address("address");
  a.size = o.small("size");
  a.actor = o.number("actor");
  a.stack = stack(o, "stack");
  a.recursion_folded = o.flag("recursion_folded");
  a.expression = o.text("expression");
  a.variable = o.text("variable");
  a.type = o.text("type");
  a.declaration = o.text("declaration");
  a.capture = o.text("capture");
  a.through = o.text("through");
  a.object = o.text("object");
  a.object_type = o.text("object_type");
  a.object_declaration = o.text("object_declaration");
  a.object_size = o.number("object_size");
  a.path = o.text("path");
  a.record = o.text("record");
  a.field_offset = o.number_or_null("field_offset");
  a.index = o.number_or_null("index");
  a.locks = o.list("locks", lock);
  a.last_release = stack(o, "last_release");
  return a;
}

memory_description memory(const object& o) {
  memory_description m;
  m.kind = o.text("kind");
  m.name = o.text("name");
  m.module = o.text("module");
  m.base = o.address("base");
  m.size = o.number("size");
  m.owner = o.number("owner");
  m.freed = o.flag("freed");
  m.element = o.number_or_null("element");
  m.allocated_at = stack(o, "allocated_at");
  return m;
}

actor_description actor(const object& o) {
  return {o.number("id"),
          o.text("kind"),
          o.text("name"),
          o.text("state"),
          o.number("parent"),
          stack(o, "created_at"),
          o.flag("recursion_folded")};
}

holder_description holder(const object& o) {
  return {o.number("actor"), o.text("mode"), stack(o, "taken_at")};
}

wait_target_description target(const object& o) {
  wait_target_description t;
  t.operation = o.text("operation");
  t.kind = o.text("kind");
  t.name = o.text("name");
  t.address = o.address("address");
  t.reason = o.text("reason");
  t.held_by = o.list("held_by", holder);
  if (!o.is_null("last_handle")) {
    const object last = o.part("last_handle");
    t.last_handle_of = last.number("actor");
    t.last_handle = stack(last, "stack");
  }
  return t;
}

wait_description wait(const object& o) {
  wait_description w;
  w.actor = o.number("actor");
  w.state = o.text("state");
  w.alike = o.number("alike");
  w.behind = o.flag("behind");
  const std::int64_t milliseconds = o.number_or_null("milliseconds");
  w.seconds = milliseconds < 0 ? -1 : static_cast<double>(milliseconds) / 1000;
  w.targets = o.list("for", target);
  w.stack = stack(o, "stack");
  w.recursion_folded = o.flag("recursion_folded");
  return w;
}

scope_description scope(const object& o) {
  return {o.text("name"), o.text("file"), o.small("line"), o.number("count")};
}

start_description start(const object& o) {
  return {o.number("actor"), o.text("kind"), o.text("name"), o.number("parent"), stack(o, "at")};
}

hint hint_of(const object& o) { return {o.text("rule"), o.text("text")}; }

template <class Enum>
Enum one_of(const object& o, const char* name, std::initializer_list<Enum> all) {
  const detector::string text = o.text(name);
  for (const Enum e : all)
    if (text == word(e)) return e;
  throw std::runtime_error(fmt::format("'{}' is an unknown {}", std::string_view(text), name));
}

}  // namespace

finding finding_of(const json& j) {
  const object o(j);
  finding f;
  f.kind = one_of(o, "kind",
                  {finding_kind::race, finding_kind::deadlock, finding_kind::leak, finding_kind::misuse,
                   finding_kind::panic});
  f.rule = o.text("rule");
  f.message = o.text("message");
  f.fingerprint = o.text("fingerprint");
  f.accesses = o.list("accesses", access);
  f.memory = memory(o.part("memory"));
  f.missing_edge = o.text("missing_edge");
  if (o.has("order") && !o.is_null("order")) {
    f.release_met = o.part("order").flag("release_met");
    f.starts = o.part("order").list("starts", start);
  }
  f.backing = one_of(o, "certainty", {certainty::proved, certainty::predicted, certainty::suspected});
  if (o.has("shape")) {
    f.shape = o.text("shape");
    f.waits = o.list("waits", wait);
    f.remedy = o.text("remedy");
    f.scopes = o.list("scopes", scope);
  }
  f.hints = o.list("hints", hint_of);
  f.actors = o.list("actors", actor);
  // snag-findings/6 said who started whom with the actors alone.
  if (f.starts.empty() && !f.missing_edge.empty())
    for (const actor_description& a : f.actors)
      f.starts.push_back({a.id, a.kind, a.name, a.parent, a.created_at});
  return f;
}

}  // namespace snag::cli
