// SPDX-License-Identifier: Apache-2.0
#include "detector/render_text.h"

#include <string_view>

#include "detector/render_names.h"
#include "detector/render_words.h"
#include "detector/src/render_parts.h"
#include "detector/src/text.h"

namespace snag::detector {
namespace {

constexpr std::string_view bar = "==================\n";

// How a library gets from a call of its own to the user's function: std::invoke, std::function and their
// helpers.
bool is_forwarding(const source_frame& f) {
  if (!f.library) return false;
  const std::string_view name = f.function;
  for (std::string_view part : {"__invoke", "std::invoke<", "__apply_impl", "std::apply<",
                                "_Function_handler", "_Function_base", "std::function<", "std::thread::_"})
    if (name.find(part) != std::string_view::npos) return true;
  return false;
}

const actor_description* find(const finding& f, std::uint64_t id) {
  for (const actor_description& a : f.actors)
    if (a.id == id) return &a;
  return nullptr;
}

}  // namespace

void append_stack(string& out, const vector<source_frame>& stack, bool folded, std::string_view if_empty,
                  innermost from) {
  const auto users = [](const source_frame& f) { return !f.library && !f.runtime; };
  std::size_t shown = stack.size(), first = 0;
  while (shown > 0 && !users(stack[shown - 1])) --shown;
  if (shown == 0) {
    shown = stack.size();
  } else if (from == innermost::users) {
    while (!users(stack[first])) ++first;
  }
  bool any = false, in_library = false;
  for (std::size_t i = first; i < shown; ++i) {
    const source_frame& f = stack[i];
    if (f.runtime || is_forwarding(f) || (f.library && in_library)) continue;
    in_library = f.library;
    any = true;
    append(out, "  ", f.function.empty() ? string("??") : displayed_function(f.function), "\n      ");
    append(out, f.file.empty() ? std::string_view("??") : std::string_view(f.file));
    if (f.line != 0) append(out, ":", f.line);
    if (f.column != 0) append(out, ":", f.column);
    if (!f.call.empty()) append(out, "  ", f.call);
    append(out, "\n");
  }
  if (!any) append(out, "  ", if_empty, "\n");
  if (folded) append(out, "  (rounds of recursion left out)\n");
}

void append_actor(string& out, const finding& f, std::uint64_t id) {
  if (id == 1) return append(out, "main goroutine");
  if (id == 0) return append(out, "unknown goroutine");
  const actor_description* a = find(f, id);
  append(out, a && !a->kind.empty() ? std::string_view(a->kind) : std::string_view("goroutine"), " ", id);
}

string capitalised(std::string_view word) {
  string out(word.data(), word.size());
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

void append_creation(string& out, const actor_description& a) {
  if (a.id == 1) return;
  append(out, capitalised(a.kind), " ", a.id);
  if (!a.state.empty()) append(out, " (", a.state, ")");
  append(out, " created at:\n");
  append_stack(out, a.created_at, a.recursion_folded, "(unknown)", innermost::users);
  append(out, "\n");
}

namespace {

// Only where it tells something: if neither side holds a lock, there is no line.
void append_locks(string& out, const finding& f, const access_description& a) {
  bool any = false;
  for (const access_description& side : f.accesses) any = any || !side.locks.empty();
  if (!any) return;
  append(out, "  Locks held:");
  if (a.locks.empty()) append(out, " none");
  bool first = true;
  for (const lock_description& l : a.locks) {
    append(out, first ? " " : "; ", l.kind, " ");
    if (l.name.empty())
      append(out, "0x", hex{l.address, 12});
    else
      append(out, l.name);
    if (l.mode == "shared") append(out, " (for reading)");
    if (const source_frame* at = user_frame(l.taken_at)) append(out, ", taken at ", at->file, ":", at->line);
    first = false;
  }
  append(out, "\n");
}

void append_access(string& out, const finding& f, const access_description& a, bool previous) {
  append(out, previous ? "Previous " : "", previous ? a.operation : capitalised(a.operation), " at 0x",
         hex{a.address, 12}, " by ");
  append_actor(out, f, a.actor);
  append(out, ":\n");
  append_stack(out, a.stack, a.recursion_folded, "(in code that was not compiled with the Snag plugin)");
  append_locks(out, f, a);
  append(out, "\n");
}

void append_bytes(string& out, std::uint64_t n) { append(out, n, n == 1 ? " byte" : " bytes"); }

void append_type_and_size(string& out, const string& type, std::uint64_t size) {
  if (type.empty() && size == 0) return;
  append(out, " (", type);
  if (!type.empty() && size != 0) append(out, ", ");
  if (size != 0) append_bytes(out, size);
  append(out, ")");
}

// What the library calls its own variables says nothing; its members and types do.
bool is_librarys_local(std::string_view variable) { return variable.starts_with("__"); }

// A member of a library's class: `it->second` says more than where std::pair declares it.
bool is_librarys_member(const access_description& a) {
  return a.variable.starts_with("std::") && !a.record.empty() && !a.expression.empty();
}

std::string_view title_of(const access_description& a) {
  if (!a.through.empty()) return a.object;
  return a.variable.empty() || is_librarys_member(a) ? a.expression : a.variable;
}

// Which element, which field where; nothing if the title says all that is known.
void append_path(string& out, const access_description& a) {
  if (a.path.empty() || (a.path == title_of(a) && a.record.empty())) return;
  append(out, "  ", a.path);
  if (!a.record.empty())
    append(out, ", at offset ", static_cast<std::uint64_t>(a.field_offset), " of ", a.record);
  append(out, "\n");
}

void append_variable(string& out, const access_description& a, std::string_view title) {
  append(out, title, ": ");
  if (!a.through.empty()) {
    if (!a.object.empty()) {
      append(out, a.object);
      append_type_and_size(out, a.object_type, a.object_size);
      if (!a.object_declaration.empty()) append(out, ", declared at ", a.object_declaration);
      append(out, ", ");
    }
    append(out, "in ", a.through, "\n");
    append_path(out, a);
    if (!a.variable.empty() && !is_librarys_local(a.variable)) {
      append(out, "  its ", a.variable);
      append_type_and_size(out, a.type, a.size);
      append(out, "\n");
    }
    return;
  }
  append(out, title_of(a));
  append_type_and_size(out, a.type, a.size);
  if (!a.declaration.empty() && !is_librarys_member(a)) append(out, ", declared at ", a.declaration);
  append(out, "\n");
  append_path(out, a);
}

bool same_variable(const access_description& a, const access_description& b) {
  return a.through == b.through && a.variable == b.variable && a.type == b.type && a.size == b.size &&
         a.declaration == b.declaration && (!a.variable.empty() || a.expression == b.expression);
}

// Frees and allocations concern a block, which has a line of its own, and name no variable.
bool names_variable(const access_description& a) {
  if (!a.variable.empty() || !a.through.empty()) return true;
  return !a.expression.empty() && a.operation != "free" && a.operation != "allocation";
}

// Once if both accesses say the same, with each side's capture.
void append_variables(string& out, const finding& f) {
  const access_description* shown = nullptr;
  for (const access_description& a : f.accesses) {
    if (!names_variable(a)) continue;
    if (!shown || !same_variable(*shown, a))
      append_variable(out, a, shown ? "Variable, previous access" : "Variable");
    if (!a.capture.empty() && (!shown || shown->capture != a.capture))
      append(out, "  captured ", a.capture, "\n");
    shown = &a;
  }
}

// The block is the runtime's: an object that the program has handles of.
bool is_handled(const finding& f) {
  return f.kind == finding_kind::misuse && !f.accesses.empty() &&
         (f.accesses[0].type == "channel" || f.accesses[0].type == "wait group");
}

void append_location(string& out, const finding& f) {
  const memory_description& m = f.memory;
  const std::uint64_t address = f.accesses.empty() ? m.base : f.accesses[0].address;
  if (m.kind == "global") {
    append(out, "Location: global ", m.name, ", ");
    append_bytes(out, m.size);
    append(out, " at 0x", hex{m.base, 12});
    if (!m.module.empty()) append(out, " in ", m.module);
    append(out, "\n");
  } else if (m.kind == "stack") {
    append(out, "Location: stack of ");
    append_actor(out, f, m.owner);
    append(out, "\n");
  } else if (m.kind == "heap") {
    if (is_handled(f)) {
      append(out, "Made by ");
    } else {
      append(out, "Location: byte ", address - m.base);
      if (m.element >= 0) append(out, ", element ", static_cast<std::uint64_t>(m.element), ",");
      append(out, m.freed ? " of a freed heap block of " : " of a heap block of ");
      append_bytes(out, m.size);
      append(out, " at 0x", hex{m.base, 12});
      if (!m.name.empty()) append(out, ", stored in ", m.name);
      append(out, ", allocated by ");
    }
    append_actor(out, f, m.owner);
    append(out, " at:\n");
    append_stack(out, m.allocated_at, false, "(in code that was not compiled with the Snag plugin)",
                 innermost::users);
  }
}

void append_names(string& out, const finding& f) {
  for (const actor_description& a : f.actors)
    if (!a.name.empty()) append(out, capitalised(a.kind), " ", a.id, " is named \"", a.name, "\"\n");
}

}  // namespace

namespace {

string misuse_title(const finding& f) {
  string out("WARNING: ");
  const std::string_view type =
      f.accesses.empty() ? std::string_view() : std::string_view(f.accesses[0].type);
  for (const char c : type.ends_with("mutex") ? std::string_view("lock") : type)
    out.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  append(out, " MISUSE");
  return out;
}

}  // namespace

string render_text(const finding& f, text_style style) {
  string out;
  append(out, bar);
  if (!f.shape.empty()) {
    append(out, render_deadlock(f, style.colour));
    append(out, "Fingerprint: ", f.rule, " ", f.fingerprint, "\n", bar);
    return out;
  }
  if (style.colour) append(out, "\033[1;31m");
  const bool use_after_free = f.rule == "use-after-free";
  append(out, use_after_free                   ? string("WARNING: USE AFTER FREE")
              : f.kind == finding_kind::misuse ? misuse_title(f)
                                               : string("WARNING: DATA RACE"));
  if (style.colour) append(out, "\033[0m");
  append(out, "\n");
  if (f.kind == finding_kind::misuse && !use_after_free) append(out, capitalised(f.message), "\n\n");
  bool previous = false;
  for (const access_description& a : f.accesses) {
    append_access(out, f, a, previous);
    previous = true;
  }
  for (const access_description& a : f.accesses)
    if (const actor_description* actor = find(f, a.actor)) {
      if (&a != &f.accesses[0] && a.actor == f.accesses[0].actor) continue;
      append_creation(out, *actor);
    }
  append_variables(out, f);
  append_location(out, f);
  append_names(out, f);
  if (!f.missing_edge.empty()) append(out, "Missing edge: ", f.missing_edge, "\n");
  for (const hint& h : f.hints) append(out, "Hint: ", h.text, " [", h.rule, "]\n");
  if (!f.fingerprint.empty()) append(out, "Fingerprint: ", f.rule, " ", f.fingerprint, "\n");
  append(out, bar);
  return out;
}

string render_summary(const finding_tally& t) {
  string out;
  if (t.races != 0 || t.misuses + t.deadlocks + t.leaks + t.possible == 0)
    append(out, "Found ", t.races, " data race(s)\n");
  if (t.deadlocks != 0) append(out, "Found ", t.deadlocks, " deadlock(s)\n");
  if (t.possible != 0) append(out, "Found ", t.possible, " possible deadlock(s)\n");
  if (t.leaks != 0) append(out, "Found ", t.leaks, " leak(s)\n");
  if (t.misuses != 0) append(out, "Found ", t.misuses, " misuse(s)\n");
  if (t.repeats != 0)
    append(out, "  ", t.repeats, t.repeats == 1 ? " repetition" : " repetitions", " of the same not shown\n");
  if (t.not_shown != 0) append(out, "  ", t.not_shown, " not shown (max_reports)\n");
  if (t.suppressed != 0)
    append(out, "  ", t.suppressed, " suppressed, seen ", t.times_suppressed,
           t.times_suppressed == 1 ? " time\n" : " times\n");
  if (t.seed != nullptr)
    append(out, "  seed ", t.seed, ": SNAG_OPTIONS=seed=", t.seed, " repeats this run\n");
  return out;
}

}  // namespace snag::detector
