// SPDX-License-Identifier: Apache-2.0
#include "detector/src/describe.h"

#include "detector/src/call_receiver.h"
#include "detector/src/called_object.h"
#include "detector/src/heap_blocks.h"
#include "detector/src/lock_names.h"
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
         path.starts_with("/usr/lib/") || path.starts_with("/lib/") ||
         path.starts_with("/usr/local/include/");
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

}  // namespace

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
    case events::object_kind::channel:
      return "channel";
    case events::object_kind::condition_variable:
    case events::object_kind::pthread_cond:
      return "condition variable";
    case events::object_kind::wait_group:
      return "wait group";
    case events::object_kind::timer:
      return "timer";
    case events::object_kind::context:
      return "context";
    case events::object_kind::semaphore:
      return "semaphore";
    case events::object_kind::mutex:
    case events::object_kind::pthread_mutex:
      return "mutex";
    case events::object_kind::other:
      break;
  }
  return "object";
}

string name_of(const lock_facts& lock, const vector<source_frame>& taken_at, std::string_view prefix) {
  const source_frame* const user = user_frame(taken_at);
  return lock_name(lock, user_site(lock.site, lock.context), user == nullptr ? string() : user->call,
                   locate(lock.address, prefix));
}

namespace {

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

}  // namespace

actor_description describe_actor(std::uint64_t id, std::string_view prefix) {
  actor_description out;
  out.id = id;
  out.kind = "goroutine";
  actor_facts facts{};
  if (!find_actor(static_cast<events::goroutine_id>(id), facts)) return out;
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
  f.actors.push_back(describe_actor(id, prefix));
}

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

}  // namespace snag::detector
