// SPDX-License-Identifier: Apache-2.0
#include "detector/src/resolve.h"

#include "detector/src/call_receiver.h"
#include "detector/src/called_object.h"
#include "detector/src/heap_blocks.h"
#include "detector/src/hints.h"
#include "detector/src/lock_names.h"
#include "detector/src/object_path.h"
#include "detector/src/site_text.h"
#include "detector/src/symbols.h"
#include "detector/src/text.h"

namespace snag::detector {
namespace {

string shortened(std::string_view path, std::string_view prefix) {
  if (!prefix.empty() && path.starts_with(prefix) && path.size() > prefix.size()) {
    path.remove_prefix(prefix.size());
    while (path.size() > 1 && path.front() == '/') path.remove_prefix(1);
  }
  return string(path.data(), path.size());
}

// "a/b/../c" as "a/c": compilers find their own headers by such ways. Left alone otherwise, since a link may
// lead elsewhere.
string without_detours(std::string_view path) {
  string out;
  while (!path.empty()) {
    const auto end = path.find('/', 1);
    const std::string_view part = path.substr(0, end);
    path.remove_prefix(part.size());
    if (part != "/..") {
      append(out, part);
      continue;
    }
    const auto last = out.rfind('/');
    out.resize(last == string::npos ? 0 : last);
  }
  return out;
}

// Where packages put headers; a user's sources are elsewhere, or at least are not found by -isystem.
bool is_library(std::string_view path) {
  return path.find("/include/c++/") != std::string_view::npos || path.starts_with("/usr/include/") ||
         path.starts_with("/usr/lib/") || path.starts_with("/usr/local/include/");
}

string declared(std::string_view place, std::string_view prefix) {
  return is_library(place) ? without_detours(place) : shortened(place, prefix);
}

// A site and the calls it was inlined into, innermost first.
void append_frames(vector<source_frame>& out, const hooks::site& innermost, std::string_view prefix) {
  for (const hooks::site* at = &innermost; at; at = caller_of_inlined(*at)) {
    source_frame f;
    f.function = text_of(at->function);
    f.library = is_library(text_of(at->file)) || called_object_of(*at).use == "unwritten";
    f.file = is_library(text_of(at->file)) ? without_detours(text_of(at->file))
                                           : shortened(text_of(at->file), prefix);
    f.line = at->line;
    f.column = at->column;
    f.inlined = at->inlined_at != 0;
    f.runtime = (at->flags & hooks::site_runtime) != 0;
    f.call = text_of(at->expression);
    out.push_back(std::move(f));
  }
}

const char* operation_of(access_kind k) {
  switch (k) {
    case access_kind::read:
      return "read";
    case access_kind::write:
      return "write";
    case access_kind::atomic_read:
      return "atomic read";
    case access_kind::atomic_write:
      return "atomic write";
    case access_kind::allocation:
      return "allocation";
    case access_kind::deallocation:
      return "free";
    case access_kind::end_of_scope:
      return "end of scope";
  }
  return "access";
}

// The user's part of an inline chain; null if it has none.
const hooks::site* user_part(const hooks::site& innermost) {
  for (const hooks::site* s = &innermost; s; s = caller_of_inlined(*s))
    if ((s->flags & hooks::site_runtime) == 0 && !is_library(text_of(s->file)) &&
        called_object_of(*s).use != "unwritten")
      return s;
  return nullptr;
}

// The innermost place in the user's own code, inlined or not; the access itself if there is none.
const hooks::site* user_site(const hooks::site* site, context_id context) {
  if (!site) return nullptr;
  const hooks::site* found = user_part(*site);
  if (found) return found;
  visit_context(
      context,
      [](void* p, const hooks::site& call) {
        auto& found = *static_cast<const hooks::site**>(p);
        if (!found) found = user_part(call);
      },
      &found);
  return found ? found : site;
}

const char* kind_of(events::object_kind k) {
  switch (k) {
    case events::object_kind::shared_mutex:
    case events::object_kind::pthread_rwlock:
      return "shared_mutex";
    case events::object_kind::once:
    case events::object_kind::pthread_once:
      return "once";
    default:
      return "mutex";
  }
}

memory_description locate(std::uint64_t address, std::string_view prefix);

string name_of(const lock_facts& lock, const vector<source_frame>& taken_at, std::string_view prefix) {
  const source_frame* const user = user_frame(taken_at);
  return lock_name(lock.address, user_site(lock.site, lock.context), user == nullptr ? string() : user->call,
                   locate(lock.address, prefix));
}

vector<lock_description> describe(lock_set_id locks, std::string_view prefix) {
  struct walk {
    vector<lock_description> out;
    std::string_view prefix;
  } w{{}, prefix};
  visit_locks(
      locks,
      [](void* p, const lock_facts& lock) {
        auto& w = *static_cast<walk*>(p);
        lock_description d;
        d.kind = kind_of(lock.kind);
        d.mode = lock.mode == events::lock_mode::shared ? "shared" : "exclusive";
        d.address = lock.address;
        bool folded = false;
        d.taken_at = stack_of(lock.site, lock.context, w.prefix, folded);
        d.name = name_of(lock, d.taken_at, w.prefix);
        w.out.push_back(std::move(d));
      },
      &w);
  return std::move(w.out);
}

// What the access is about. By a function that is checked in the place of libc's, the site is that of its
// call.
std::string_view variable_of(const raw_access& a) {
  if (a.site->kind != hooks::site_kind::call) return text_of(a.site->variable);
  if (a.kind != access_kind::read && a.kind != access_kind::write) return {};
  return touched_by_libc(text_of(a.site->expression), a.kind == access_kind::write);
}

// An access inside a library, by the user's call that led to it.
void describe_call(access_description& out, const hooks::site& call, const source_frame& user,
                   std::string_view prefix) {
  const called_object object = called_object_of(call);
  out.through = user.call;
  out.capture = "";
  if (object.use == "touched") out.variable = out.type = out.declaration = "";
  std::string_view name = object.expression;
  if (name.empty() || object.use == "lock") name = receiver_of(user.call);
  if (object.expression.empty() && name.ends_with(')')) name = {};  // a temporary that a function returned
  out.object.assign(name.data(), name.size());
  if (object.expression.empty() || object.use == "lock") return;
  out.object_size = object.size;
  out.object_type = text_of(call.type);
  if (!is_library(text_of(call.declaration)))  // a std::pair's second
    out.object_declaration = shortened(text_of(call.declaration), prefix);
  out.capture = text_of(call.capture);
  out.only_object = object.use == "sole";
}

access_description describe(const raw_access& a, std::uint64_t address, std::string_view prefix) {
  access_description out;
  out.operation = operation_of(a.kind);
  out.address = address;
  out.size = a.size;
  out.actor = static_cast<std::uint64_t>(a.actor);
  out.stack = stack_of(a.site, a.context, prefix, out.recursion_folded);
  out.locks = describe(a.locks, prefix);
  bool folded = false;
  if (a.last_release != nullptr)
    out.last_release = stack_of(a.last_release, a.last_release_context, prefix, folded);
  const bool through_runtime = !out.stack.empty() && out.stack.front().runtime;
  if (a.site) out.ordinal = user_site(a.site, a.context)->ordinal;
  if (through_runtime) {  // the names in our header mean nothing to the user; the call does
    if (const source_frame* f = user_frame(out.stack)) out.expression = f->call;
  } else if (a.site) {
    out.expression = text_of(a.site->expression);
    out.variable = variable_of(a);
    out.type = text_of(a.site->type);
    out.declaration = declared(text_of(a.site->declaration), prefix);
    out.capture = text_of(a.site->capture);
  }
  const source_frame* user = user_frame(out.stack);
  const bool touched = a.site != nullptr && !through_runtime && called_object_of(*a.site).use == "touched";
  if (user && !user->library && !out.stack.empty() && !through_runtime &&
      (out.stack.front().library || touched))
    describe_call(out, *user_site(a.site, a.context), *user, prefix);
  return out;
}

actor_description describe(events::goroutine_id id, std::string_view prefix) {
  actor_description out;
  out.id = static_cast<std::uint64_t>(id);
  out.kind = "goroutine";
  actor_facts facts{};
  if (!find_actor(id, facts)) return out;
  out.kind = facts.kind == events::actor_kind::thread  ? "thread"
             : facts.kind == events::actor_kind::timer ? "timer"
                                                       : "goroutine";
  if (facts.name) out.name = facts.name;
  out.state = facts.ended ? "finished" : "running";
  out.parent = static_cast<std::uint64_t>(facts.parent);
  if (facts.created_site)
    out.created_at = stack_of(facts.created_site, facts.created_context, prefix, out.recursion_folded);
  return out;
}

memory_description locate(std::uint64_t address, std::string_view prefix) {
  memory_description out;
  const auto* at = reinterpret_cast<const void*>(address);
  if (heap_block block; find_heap_block(at, block)) {
    out.kind = "heap";
    out.base = reinterpret_cast<std::uint64_t>(block.begin);
    out.size = block.size;
    out.owner = static_cast<std::uint64_t>(block.owner);
    out.freed = block.freed;
    bool folded = false;
    if (block.site) out.allocated_at = stack_of(block.site, block.context, prefix, folded);
    if (const hooks::site* made = user_site(block.site, block.context)) out.name = text_of(made->variable);
    return out;
  }
  if (global_symbol global; find_global(at, global)) {
    out.kind = "global";
    out.name = std::move(global.name);
    out.module = std::move(global.module);
    out.base = global.base;
    out.size = global.size;
    return out;
  }
  if (const auto owner = find_stack(at); owner != events::goroutine_id::none) {
    out.kind = "stack";
    out.owner = static_cast<std::uint64_t>(owner);
    return out;
  }
  out.kind = "unknown";
  return out;
}

void name_actor(finding& f, std::uint64_t id, std::string_view prefix) {
  if (id == 0) return;
  for (const actor_description& a : f.actors)
    if (a.id == id) return;
  f.actors.push_back(describe(static_cast<events::goroutine_id>(id), prefix));
}

void append_place(string& out, const access_description& a) {
  append(out, a.operation);
  if (const source_frame* f = user_frame(a.stack); f && !f->file.empty())
    append(out, " at ", f->file, ":", f->line);
}

// What the user would call it.
void append_name(string& out, const finding& f) {
  for (const access_description& a : f.accesses)
    if (!a.object.empty()) return append(out, " on ", a.object);
  for (const access_description& a : f.accesses) {
    if (a.variable.empty()) continue;
    append(out, " on ", a.variable);
    if (!a.type.empty()) append(out, " (", a.type, ")");
    return;
  }
  if (!f.memory.name.empty()) append(out, " on ", f.memory.name);
}

string actor_word(const finding& f, std::uint64_t id) {
  string out;
  if (id == 1) return "main goroutine";
  for (const actor_description& a : f.actors)
    if (a.id == id) append(out, a.kind, " ", id);
  return out.empty() ? string("an unknown goroutine") : out;
}

// The earlier access's actor would have had to release after it, and the later one's to acquire that.
string missing_edge(const finding& f) {
  const access_description &now = f.accesses[0], &before = f.accesses[1];
  string out = actor_word(f, before.actor);
  if (const source_frame* at = user_frame(before.last_release)) {
    append(out, " last released at ", at->file, ":", at->line);
    if (!at->call.empty()) append(out, " (", at->call, ")");
    append(out, ", before the ", before.operation);
  } else {
    append(out, " released nothing before the ", before.operation);
  }
  append(out, "; nothing orders that before the ", now.operation, " by ", actor_word(f, now.actor));
  return out;
}

// Whether the goroutine of `inner` itself adds to a wait group, while the function of `outer` waits for one.
bool adds_inside(const raw_access& inner, const raw_access& outer) {
  const auto calls = [](const raw_access& a, std::string_view member) {
    struct outermost {
      const hooks::site* found;
    } last{a.site};
    visit_context(
        a.context, [](void* p, const hooks::site& call) { static_cast<outermost*>(p)->found = &call; },
        &last);
    if (last.found == nullptr) return false;
    const std::string_view function = text_of(last.found->function);
    for (const hooks::site& s : sites_around(*last.found)) {
      if (s.kind != hooks::site_kind::call && s.kind != hooks::site_kind::inlined_call) continue;
      const std::string_view call = text_of(s.expression);
      const auto at = call.rfind(member);
      if (at != call.npos && at != 0 && function == text_of(s.function) && call.ends_with(')')) return true;
    }
    return false;
  };
  return inner.actor != events::goroutine_id::main && calls(inner, ".add(") && calls(outer, ".wait(");
}

string summarise(const finding& f) {
  string out = f.kind == finding_kind::race ? "data race" : "use after free";
  append_name(out, f);
  append(out, ": ");
  append_place(out, f.accesses[0]);
  append(out, " and ");
  append_place(out, f.accesses[1]);
  return out;
}

}  // namespace

vector<source_frame> stack_of(const hooks::site* innermost, context_id context, std::string_view prefix,
                              bool& recursion_folded) {
  struct walk {
    vector<source_frame> frames;
    std::string_view prefix;
  } w{{}, prefix};
  if (innermost) append_frames(w.frames, *innermost, prefix);
  recursion_folded = visit_context(
      context,
      [](void* p, const hooks::site& call) {
        auto& w = *static_cast<walk*>(p);
        append_frames(w.frames, call, w.prefix);
      },
      &w);
  return std::move(w.frames);
}

const source_frame* user_frame(const vector<source_frame>& stack) {
  const source_frame* second_best = nullptr;
  for (const source_frame& f : stack) {
    if (f.runtime) continue;
    if (!f.library) return &f;
    if (!second_best) second_best = &f;
  }
  return second_best;
}

namespace {

void describe_elements(finding& f, const raw_race& race) {
  for (int i = 0; const raw_access* a : {&race.current, &race.previous}) {
    access_description& out = f.accesses[i++];
    if (a->site == nullptr || out.stack.empty() || out.stack.front().runtime) continue;
    const std::string_view words = out.through.empty()
                                       ? std::string_view(text_of(a->site->path))
                                       : called_object_of(*user_site(a->site, a->context)).path;
    if (const auto path = parse_path(words)) describe_path(out, *path, race.address, f.memory);
    if (out.block_element >= 0) f.memory.element = out.block_element;
  }
}

}  // namespace

finding resolve(const raw_race& race, std::string_view prefix) {
  finding f;
  f.kind = race.ordered ? finding_kind::misuse : finding_kind::race;
  f.rule = race.ordered ? "use-after-free" : "data-race";
  f.accesses.push_back(describe(race.current, race.address, prefix));
  f.accesses.push_back(describe(race.previous, race.address, prefix));
  f.memory = locate(race.address, prefix);
  describe_elements(f, race);
  prefer_arguments(f);
  for (const access_description& a : f.accesses) name_actor(f, a.actor, prefix);
  if (f.memory.owner != 0) name_actor(f, f.memory.owner, prefix);
  f.message = summarise(f);
  if (race.ordered) {
    hint h;
    h.rule = f.rule;
    append(h.text, "the free comes before the ", f.accesses[0].operation,
           " whatever the schedule: let the block live until its last user is done, as a shared_ptr does.");
    f.hints.push_back(std::move(h));
    return f;
  }
  f.missing_edge = missing_edge(f);
  hint_clues clues;
  clues.adds_inside = adds_inside(race.current, race.previous) || adds_inside(race.previous, race.current);
  for (int i = 0; const raw_access* a : {&race.current, &race.previous})
    clues.polls[i++] = a->site != nullptr && (a->site->flags & hooks::site_polls) != 0;
  f.hints = hints_for(f, clues);
  return f;
}

namespace {

struct misuse_words {
  const char *rule, *operation, *what, *advice;
};
misuse_words words_of(misuse_kind k) {
  switch (k) {
    case misuse_kind::unlocked_twice:
      return {"unlock-of-unlocked", "unlock", "is not locked",
              "unlock only what is locked; a std::lock_guard or unique_lock does so by itself."};
    case misuse_kind::unlocked_by_another:
      return {"unlock-by-another", "unlock", "is held by another",
              "only who locked may unlock: to hand over, use a channel or a semaphore."};
    case misuse_kind::destroyed_locked:
      return {"destroyed-locked", "destruction", "is still locked",
              "unlock before the end, and see to it that nobody waits for it."};
    case misuse_kind::locked_twice:
      return {"locked-twice", "lock", "is held by the same already, which waits for itself for ever",
              "lock once, or use a recursive mutex."};
  }
  return {};
}

}  // namespace

finding resolve(const raw_misuse& m, std::string_view prefix) {
  const misuse_words words = words_of(m.kind);
  finding f;
  f.kind = finding_kind::misuse;
  f.rule = words.rule;
  f.accesses.push_back(describe(m.now, m.address, prefix));
  f.accesses.back().operation = words.operation;
  if (m.taken.actor != events::goroutine_id::none) {
    f.accesses.push_back(describe(m.taken, m.address, prefix));
    f.accesses.back().operation = "lock";
  }
  f.memory = locate(m.address, prefix);
  const lock_facts lock{m.address, m.lock, m.mode, m.taken.site, m.taken.context};
  bool folded = false;
  string name = name_of(
      lock, m.taken.site ? stack_of(m.taken.site, m.taken.context, prefix, folded) : f.accesses[0].stack,
      prefix);
  for (access_description& a : f.accesses) {
    a.variable = name;
    a.type = kind_of(m.lock);
    a.through = a.object = "";
    name_actor(f, a.actor, prefix);
  }
  append(f.message, words.operation, " of a ", kind_of(m.lock), name.empty() ? "" : ", ", name, ", that ",
         words.what);
  hint h;
  h.rule = words.rule;
  h.text = words.advice;
  f.hints.push_back(std::move(h));
  return f;
}

}  // namespace snag::detector
