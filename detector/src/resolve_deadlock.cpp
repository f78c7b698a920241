// SPDX-License-Identifier: Apache-2.0
// Those who wait for ever, in names.
#include "detector/src/describe.h"
#include "detector/src/resolve.h"
#include "detector/src/text.h"
#include "runtime/options.h"

namespace snag::detector {
namespace {

using events::object_kind;
using events::wait_operation;
using events::wait_reason;

struct shape_words {
  finding_kind kind;
  const char *rule, *shape;
};
shape_words words_of(deadlock_shape s) {
  switch (s) {
    case deadlock_shape::self_lock:
      return {finding_kind::deadlock, "self-lock", "self-lock"};
    case deadlock_shape::lock_cycle:
      return {finding_kind::deadlock, "lock-cycle", "lock cycle"};
    case deadlock_shape::queued_writer:
      return {finding_kind::deadlock, "queued-writer", "queued-writer"};
    case deadlock_shape::abandoned_lock:
      return {finding_kind::deadlock, "abandoned-lock", "abandoned lock"};
    case deadlock_shape::mixed_cycle:
      return {finding_kind::deadlock, "mixed-cycle", "mixed cycle"};
    case deadlock_shape::join_cycle:
      return {finding_kind::deadlock, "join-cycle", "join cycle"};
    case deadlock_shape::communication_cycle:
      return {finding_kind::deadlock, "communication-cycle", "communication cycle"};
    case deadlock_shape::self_channel:
      return {finding_kind::deadlock, "self-channel", "self-channel"};
    case deadlock_shape::orphan:
      return {finding_kind::leak, "orphan", "orphan"};
    case deadlock_shape::lost_wake_up:
      return {finding_kind::leak, "lost-wake-up", "lost wake-up"};
    case deadlock_shape::wait_group_never_zero:
      return {finding_kind::leak, "wait-group-never-zero", "WaitGroup never zero"};
    case deadlock_shape::still_running:
      return {finding_kind::leak, "still-running", "still running"};
  }
  return {};
}

const char* state_word(wait_reason r) {
  switch (r) {
    case wait_reason::chan_send:
    case wait_reason::chan_send_nil:
      return "send";
    case wait_reason::chan_receive:
    case wait_reason::chan_receive_nil:
      return "receive";
    case wait_reason::select:
    case wait_reason::select_no_cases:
      return "select";
    case wait_reason::mutex_lock:
    case wait_reason::shared_mutex_lock:
      return "lock";
    case wait_reason::shared_mutex_rlock:
      return "lock for reading";
    case wait_reason::once:
      return "once";
    case wait_reason::none:
      return "running";
    case wait_reason::sleep:
      return "sleep";
    default:
      return "wait";
  }
}

const char* operation_word(wait_operation o) {
  switch (o) {
    case wait_operation::send:
      return "send";
    case wait_operation::receive:
      return "receive";
    case wait_operation::lock:
      return "lock";
    case wait_operation::lock_shared:
      return "lock for reading";
    case wait_operation::join:
      return "join";
    case wait_operation::sleep:
      return "sleep";
    case wait_operation::io:
      return "input or output";
    case wait_operation::wait:
      break;
  }
  return "wait";
}

const char* mode_word(raw_holder::role r) {
  switch (r) {
    case raw_holder::role::exclusive:
      return "exclusive";
    case raw_holder::role::shared:
      return "shared";
    case raw_holder::role::queued:
      return "queued";
    case raw_holder::role::ended:
      return "ended";
    case raw_holder::role::other:
      break;
  }
  return "";
}

string object_words(const wait_target_description& t) {
  string out = t.kind;
  if (!t.name.empty()) append(out, " ", t.name);
  return out;
}

string at_place(const hooks::site* site, context_id context, std::string_view prefix) {
  string out;
  bool folded = false;
  const vector<source_frame> stack = stack_of(site, context, prefix, folded);
  if (const source_frame* f = user_frame(stack); f != nullptr && !f->file.empty())
    append(out, " at ", f->file, ":", f->line);
  return out;
}

// "goroutine 2 could", "goroutine 2 and goroutine 3 could": those of the dead; empty if there are none.
string those_who_could(const finding& f, const wait_target_description& d) {
  constexpr std::size_t most = 3;
  vector<string> names;
  std::size_t more = 0;
  for (const holder_description& h : d.held_by) {
    if (names.size() < most)
      names.push_back(actor_word(f, h.actor));
    else
      ++more;
  }
  string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    append(out, i == 0 ? "" : i + 1 == names.size() && more == 0 ? " and " : ", ", names[i]);
  if (more != 0) append(out, " and ", more, " more");
  if (!out.empty()) append(out, " could");
  return out;
}

const char* verb_for(const raw_wait_target& t) {
  switch (t.kind) {
    case object_kind::channel:
    case object_kind::timer:
      return t.operation == wait_operation::send ? " receive from it or close it" : " send to it or close it";
    case object_kind::wait_group:
      return " count it down";
    case object_kind::condition_variable:
    case object_kind::pthread_cond:
      return " notify it";
    case object_kind::semaphore:
      return " release it";
    case object_kind::context:
      return " cancel it";
    default:
      return " bring it about";
  }
}

// "; the last sender went at pool.cpp:7, by goroutine 5".
void append_last_handle(string& out, const finding& f, const wait_target_description& t) {
  if (t.last_handle_of == 0) return;
  append(out, "; the last ", last_handle_word(t), " went");
  const auto append_user_frame = [&](const vector<source_frame>& stack, const char* before) {
    const source_frame* const at = user_frame(stack);
    if (at == nullptr || at->file.empty() || at->library || at->runtime) return false;
    append(out, before, at->file, ":", at->line);
    return true;
  };
  if (append_user_frame(t.last_handle, " at ")) return append(out, ", by ", actor_word(f, t.last_handle_of));
  append(out, " with ", actor_word(f, t.last_handle_of));  // its closure, at its end
  for (const actor_description& a : f.actors)
    if (a.id == t.last_handle_of) append_user_frame(a.created_at, ", created at ");
}

// Who let the last handle go; mostly it has ended since, and nobody else remembers it.
void name_last(finding& f, const raw_wait_target& t, std::string_view prefix) {
  const auto id = static_cast<std::uint64_t>(t.last_by);
  name_actor(f, id, prefix);
  for (actor_description& a : f.actors) {
    if (a.id != id || id == 1 || !a.created_at.empty() || t.last_created == nullptr) continue;
    a.created_at = stack_of(t.last_created, t.last_created_context, prefix, a.recursion_folded);
    if (a.state.empty()) a.state = "finished";
  }
}

// Why nobody brings it about.
string reason_of(const finding& f, const raw_wait_target& t, const wait_target_description& d,
                 std::string_view prefix) {
  string out;
  if (f.rule == "still-running")
    return t.operation == wait_operation::sleep ? "it goes on by itself" : "it may yet go on";
  if (t.operation == wait_operation::join)
    return d.held_by.empty() ? string("which has begun and never ends") : [&] {
      string whose("of ");
      append(whose, actor_word(f, d.held_by[0].actor));
      return whose;
    }();
  if (t.address == 0) return "a nil channel is never ready";
  bool first = true;
  for (const holder_description& h : d.held_by) {
    if (h.mode.empty()) continue;
    append(out, first ? "" : ", ");
    first = false;
    if (h.mode == "queued")
      append(out, "behind ", actor_word(f, h.actor), ", which waits to write");
    else if (h.mode == "ended")
      append(out, "left locked by ", actor_word(f, h.actor), ", which has ended");
    else
      append(out, "held ", h.mode == "shared" ? "for reading by " : "by ", actor_word(f, h.actor));
    if (const source_frame* at = user_frame(h.taken_at); at != nullptr && h.mode != "queued")
      append(out, h.mode == "ended" ? "; it was taken at " : " since ", at->file, ":", at->line);
  }
  if (!first) return out;
  if (f.backing == certainty::predicted)
    for (const holder_description& h : d.held_by) {
      append(out, "which ", actor_word(f, h.actor), " has to bring about");
      return out;
    }
  if (const string those = those_who_could(f, d); !those.empty()) {
    append(out, "only ", those, verb_for(t), d.held_by.size() == 1 ? ", and waits, too" : ", and wait, too");
    return out;
  }
  switch (t.kind) {
    case object_kind::channel:
    case object_kind::timer:
      append(out, "nobody who can still run has it to ",
             t.operation == wait_operation::send ? "receive from" : "send to", " or to close");
      append_last_handle(out, f, d);
      return out;
    case object_kind::wait_group:
      append(out, "nobody who can still run has it to count down");
      append_last_handle(out, f, d);
      return out;
    case object_kind::condition_variable:
    case object_kind::pthread_cond:
      append(out, "nobody who can still run can notify it");
      if (t.last != nullptr)
        append(out, "; the last notification came", at_place(t.last, t.last_context, prefix), ", before");
      return out;
    case object_kind::semaphore:
      return "nobody who can still run can release it";
    case object_kind::context:
      return "nobody who can still run can cancel it";
    default:
      return "nobody who can still run brings it about";
  }
}

string remedy_for(const finding& f, deadlock_shape s) {
  string out;
  if (f.waits.empty()) return out;
  const wait_description* lock_wait = &f.waits[0];
  const wait_description* other_wait = nullptr;
  for (const wait_description& w : f.waits) {
    if (w.behind) continue;
    const bool locks = !w.targets.empty() && w.targets[0].operation.starts_with("lock");
    if (locks)
      lock_wait = &w;
    else if (other_wait == nullptr)
      other_wait = &w;
  }
  const auto name = [](const wait_description* w) {
    return w->targets.empty() ? string("it") : object_words(w->targets[0]);
  };
  switch (s) {
    case deadlock_shape::self_lock:
      append(out, name(lock_wait), " were unlocked before it is locked again");
      break;
    case deadlock_shape::lock_cycle:
      append(out, "all of them took these locks in the same order");
      break;
    case deadlock_shape::queued_writer:
      append(out, "nobody locked ", name(lock_wait), " for reading who holds it so already");
      break;
    case deadlock_shape::abandoned_lock:
      append(out, "whoever took ", name(lock_wait),
             " had unlocked it before its end, as a std::lock_guard does");
      break;
    case deadlock_shape::mixed_cycle:
      if (!lock_wait->targets.empty() && !lock_wait->targets[0].operation.starts_with("lock")) {
        append(out, actor_word(f, f.waits[0].actor),
               " did for the others what they wait for before it waits for them");
        break;
      }
      append(out, name(lock_wait), " were unlocked before ",
             other_wait != nullptr ? actor_word(f, other_wait->actor) : string("its holder"), " waits");
      if (other_wait != nullptr) append(out, " for ", name(other_wait));
      break;
    case deadlock_shape::join_cycle:
      append(out, "one of them ended without joining another");
      break;
    case deadlock_shape::communication_cycle:
      append(out, "one of them took what is offered to it while it offers something itself: a select");
      break;
    case deadlock_shape::self_channel:
      append(out, "somebody else served ", name(&f.waits[0]));
      break;
    case deadlock_shape::orphan:
      if (f.waits[0].targets.empty()) return out;
      if (f.waits[0].targets[0].operation == "send")
        append(out, "somebody received from ", name(&f.waits[0]), ", or it had room (a capacity)");
      else if (f.waits[0].targets[0].operation == "receive")
        append(out, "somebody sent to, or closed, ", name(&f.waits[0]));
      else
        append(out, "somebody who runs notified ", name(&f.waits[0]));
      break;
    case deadlock_shape::lost_wake_up:
      append(out, "the condition were looked at under the lock before each wait, and changed under it");
      break;
    case deadlock_shape::wait_group_never_zero:
      append(out, "done() were called as often as add() counted up");
      break;
    case deadlock_shape::still_running:
      append(out, "whoever started them told them to end, and waited for that, while the scope was open");
      break;
  }
  return out;
}

string summarise(const finding& f) {
  string out = f.shape;
  append(out, ": ");
  bool first = true;
  for (const wait_description& w : f.waits) {
    if (w.behind) continue;
    append(out, first ? "" : ", ", actor_word(f, w.actor));
    if (w.alike != 0) append(out, " and ", w.alike, " like it");
    first = false;
  }
  return out;
}

scope_description describe_scope(const raw_scope& s, std::string_view prefix) {
  scope_description out;
  if (s.name != nullptr) out.name = s.name;
  if (s.file != nullptr) {
    out.file = s.file;
    out.line = s.line;
    return out;
  }
  bool folded = false;
  const vector<source_frame> stack = stack_of(s.site, s.context, prefix, folded);
  if (const source_frame* at = user_frame(stack)) out.file = at->file, out.line = at->line;
  return out;
}

}  // namespace

finding resolve(const raw_unjoined& u, std::string_view prefix) {
  finding f;
  f.kind = finding_kind::leak;
  f.rule = "thread-not-joined";
  f.shape = "thread not joined";
  f.memory.kind = "unknown";
  actor_description a;
  a.id = static_cast<std::uint64_t>(u.who);
  a.kind = "thread";
  a.name = u.name;
  a.state = "finished";
  a.parent = static_cast<std::uint64_t>(u.parent);
  a.created_at = stack_of(u.created, u.created_context, prefix, a.recursion_folded);
  f.actors.push_back(std::move(a));
  append(f.message, "thread ", static_cast<std::uint64_t>(u.who));
  if (u.times > 1)
    append(f.message, " and ", u.times - 1,
           " more that were created at the same place have ended, and nobody joined or detached them");
  else
    append(f.message, " has ended, and nobody joined or detached it");
  f.remedy = "each were joined, which a std::jthread does by itself, or detached";
  return f;
}

finding resolve(const raw_deadlock& d, std::string_view prefix) {
  const shape_words words = words_of(d.shape);
  // (Runs of one seed print the same.)
  const bool seeded = snag::detail::option("seed") != nullptr || snag::detail::option("schedule") != nullptr;
  finding f;
  f.kind = words.kind;
  f.rule = words.rule;
  f.shape = words.shape;
  f.memory.kind = "unknown";
  f.backing = d.predicted ? certainty::predicted : d.suspected ? certainty::suspected : certainty::proved;
  for (const raw_wait& w : d.waits) {
    name_actor(f, static_cast<std::uint64_t>(w.who), prefix);
    for (const raw_wait_target& t : w.targets) {
      for (const raw_holder& h : t.holders) name_actor(f, static_cast<std::uint64_t>(h.who), prefix);
      name_last(f, t, prefix);
    }
  }
  for (const raw_wait& w : d.waits) {
    wait_description out;
    out.actor = static_cast<std::uint64_t>(w.who);
    out.state = state_word(w.reason);
    out.stack = stack_of(w.site, w.context, prefix, out.recursion_folded);
    out.seconds = seeded ? -1 : w.seconds;
    out.alike = w.alike;
    out.behind = w.behind;
    for (const raw_wait_target& t : w.targets) {
      wait_target_description target;
      target.operation = operation_word(t.operation);
      target.kind = t.operation == wait_operation::join    ? "thread"
                    : t.operation == wait_operation::sleep ? "time"
                    : t.address == 0                       ? "nil channel"
                                                           : kind_of(t.kind);
      target.address = t.address;
      for (const raw_holder& h : t.holders) {
        holder_description holder;
        holder.actor = static_cast<std::uint64_t>(h.who);
        holder.mode = mode_word(h.as);
        bool folded = false;
        holder.taken_at = stack_of(h.site, h.context, prefix, folded);
        target.held_by.push_back(std::move(holder));
      }
      target.last_handle_of = static_cast<std::uint64_t>(t.last_by);
      if (bool folded = false; target.last_handle_of != 0)
        target.last_handle = stack_of(t.last, t.last_context, prefix, folded);
      // (A select's call names none of its channels.)
      if (t.address != 0 && w.targets.size() == 1)
        target.name =
            name_of({t.address, t.kind, events::lock_mode::exclusive, w.site, w.context}, out.stack, prefix);
      if (target.name.empty() && t.made != nullptr)
        append(target.name, "made", at_place(t.made, t.made_context, prefix));
      target.reason = reason_of(f, t, target, prefix);
      out.targets.push_back(std::move(target));
    }
    f.waits.push_back(std::move(out));
  }
  for (actor_description& a : f.actors)
    for (const wait_description& w : f.waits)
      if (a.id == w.actor) a.state = w.state == "running" ? "running" : "waiting";
  for (const raw_scope& s : d.scopes) f.scopes.push_back(describe_scope(s, prefix));
  f.addendum = d.addendum;
  f.remedy = remedy_for(f, d.shape);
  f.message = summarise(f);
  return f;
}

}  // namespace snag::detector
