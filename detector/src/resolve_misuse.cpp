// SPDX-License-Identifier: Apache-2.0
// Objects used as they must not be, in words.
#include "detector/src/call_receiver.h"
#include "detector/src/describe.h"
#include "detector/src/object_use.h"
#include "detector/src/resolve.h"
#include "detector/src/text.h"

namespace snag::detector {
namespace {

// A message is `before`, what the object is called, `after`.
struct misuse_words {
  const char *rule, *now, *other, *before, *after, *advice;
};
misuse_words words_of(misuse_kind k) {
  switch (k) {
    case misuse_kind::unlocked_twice:
      return {"unlock-of-unlocked",
              "unlock",
              "lock",
              "unlock of ",
              ", which is not locked",
              "unlock only what is locked; a std::lock_guard or unique_lock does so by itself."};
    case misuse_kind::unlocked_by_another:
      return {"unlock-by-another",
              "unlock",
              "lock",
              "unlock of ",
              ", which is held by another",
              "only who locked may unlock: to hand over, use a channel or a semaphore."};
    case misuse_kind::unlocked_in_other_mode:
      return {"unlock-in-other-mode",
              "unlock",
              "lock",
              "unlock of ",
              " in the mode in which it is not held",
              "unlock() belongs to lock(), unlock_shared() to lock_shared(); std::unique_lock and "
              "std::shared_lock "
              "see to that."};
    case misuse_kind::destroyed_locked:
      return {"destroyed-locked",
              "destruction",
              "lock",
              "destruction of ",
              ", which is still locked",
              "unlock before the end, and see to it that nobody waits for it."};
    case misuse_kind::waited_without_lock:
      return {"wait-without-lock",
              "wait",
              "lock",
              "wait for ",
              " without holding the lock that it gives back",
              "lock before the wait: else a notification can come between the look at the condition and the "
              "wait, "
              "and is lost."};
    case misuse_kind::waited_with_other_lock:
      return {"wait-with-other-lock",
              "wait",
              "wait",
              "wait for ",
              " with another lock than somebody who waits",
              "all who wait at once use one mutex, the one that guards what they wait for; "
              "std::condition_variable_any takes several."};
    case misuse_kind::destroyed_waited_for:
      return {"destroyed-waited-for",
              "destruction",
              "wait",
              "destruction of ",
              ", for which somebody waits",
              "notify all, and wait for their end where they could begin to wait anew, before it goes."};
    case misuse_kind::sent_on_closed:
      return {"send-on-closed-channel",
              "send",
              "close",
              "send on ",
              ", which is closed",
              "let the sender close, after its last send; several senders are waited for first."};
    case misuse_kind::closed_twice:
      return {"close-of-closed-channel",
              "close",
              "close",
              "close of ",
              ", which is closed",
              "let one goroutine own the channel, and close it there; or close under a snag::once."};
    case misuse_kind::counted_below_zero:
      return {"negative-wait-group",
              "done",
              "add",
              "count of ",
              " taken below zero",
              "count in once for each done(), before the goroutine starts; wait_group::go does both."};
    case misuse_kind::send_beside_close:
      return {"send-beside-close",
              "send",
              "close",
              "a send on ",
              " and its close that nothing orders: the send may "
              "come to a closed channel, and panic",
              "close only after the last send: by the sender itself, or by who has waited for all senders. "
              "To stop "
              "senders, use a channel of its own or a context."};
    case misuse_kind::close_beside_close:
      return {"close-beside-close",
              "close",
              "close",
              "two closes of ",
              " that nothing orders: the second panics, "
              "whichever it is",
              "let one goroutine own the channel, and close it there; or close under a snag::once."};
    case misuse_kind::add_beside_wait:
      return {"add-beside-wait",
              "add",
              "wait",
              "an add to ",
              " at zero and a wait for it that nothing orders: the "
              "wait may come first, and return too early",
              "call add() before the goroutine starts, in the goroutine that waits or in one that is counted "
              "already; "
              "wait_group::go does so."};
    case misuse_kind::reused_beside_wait:
      return {"reuse-beside-wait",
              "add",
              "wait",
              "an add that begins another round of ",
              " and a wait that nothing "
              "orders: the group is used again while the wait may not have returned, or has yet to begin",
              "add for the next round once all who wait for the last one have returned; or use a group for "
              "each."};
    case misuse_kind::done_beside_add:
    case misuse_kind::add_after_done:
      return {
          "done-beside-add",
          "done",
          "add",
          "a done() of ",
          " that nothing orders after the add that counts it "
          "in: if it comes first, the count is negative, which panics",
          "call add() before whoever is counted in can be done: before the goroutine starts, or before the "
          "message that it works on is sent."};
  }
  return {};
}

const char* called(events::object_kind k) {
  return k == events::object_kind::timer ? kind_of(events::object_kind::channel) : kind_of(k);
}

// A call that waits is made on the condition variable, or with it as first argument; the object that the
// plugin names is its lock.
string condition_name(std::uint64_t address, std::string_view call, std::string_view prefix) {
  const memory_description memory = locate(address, prefix);
  if (memory.kind == "global" && !memory.name.empty()) return memory.name;
  std::string_view name = receiver_of(call);
  if (name.empty()) name = first_argument_of(call);
  return string(name.data(), name.size());
}

// What one side calls the object; empty: that does not show.
string name_at(const raw_access& a, std::uint64_t address, events::object_kind kind,
               const access_description& described, std::string_view prefix) {
  const source_frame* const user = user_frame(described.stack);
  const string call = user == nullptr ? string() : user->call;
  if (kind == events::object_kind::condition_variable || kind == events::object_kind::pthread_cond)
    return condition_name(address, call, prefix);
  string name =
      name_of({address, kind, events::lock_mode::exclusive, a.site, a.context}, described.stack, prefix);
  return name.empty() ? sent_to_by_select(call) : name;
}

void add_side(finding& f, const raw_access& a, const char* operation, std::uint64_t address,
              events::object_kind kind, std::string_view prefix) {
  if (a.actor == events::goroutine_id::none && a.site == nullptr) return;
  access_description d = describe(a, address, prefix);
  d.operation = operation;
  d.variable = name_at(a, address, kind, d, prefix);
  d.type = called(kind);
  d.through = d.object = "";
  d.size = 0;
  name_actor(f, d.actor, prefix);
  f.accesses.push_back(std::move(d));
}

// `second_is_now`: the sides are told the other way round than the words have them.
finding in_words(misuse_kind what, events::object_kind kind, std::uint64_t address, const raw_access& now,
                 const raw_access& other, bool second_is_now, std::string_view prefix) {
  const misuse_words words = words_of(what);
  finding f;
  f.kind = finding_kind::misuse;
  f.rule = words.rule;
  add_side(f, now, second_is_now ? words.other : words.now, address, kind, prefix);
  add_side(f, other, second_is_now ? words.now : words.other, address, kind, prefix);
  f.memory = locate(address, prefix);
  string name;
  for (const access_description& a : f.accesses)
    if (name.empty()) name = a.variable;
  for (access_description& a : f.accesses)
    if (a.variable.empty()) a.variable = name;
  append(f.message, words.before, called(kind), name.empty() ? "" : " ", name, words.after);
  hint h;
  h.rule = words.rule;
  h.text = words.advice;
  f.hints.push_back(std::move(h));
  return f;
}

}  // namespace

finding resolve(const raw_misuse& m, std::string_view prefix) {
  const bool add_is_now = m.kind == misuse_kind::add_after_done;
  finding f = in_words(m.kind, m.object, m.address, m.now, m.other, add_is_now, prefix);
  if (add_is_now || m.kind == misuse_kind::done_beside_add)
    append(f.missing_edge, "nothing orders the add by ", actor_word(f, f.accesses[!add_is_now].actor),
           " before the done by ", actor_word(f, f.accesses[add_is_now].actor));
  return f;
}

// The kinds of access are those of object_use.h.
finding resolve_uses(const raw_race& race, std::string_view prefix) {
  const bool current_writes = is_write(race.current.kind),
             both = current_writes && is_write(race.previous.kind);
  const misuse_kind what =
      race.of == events::object_kind::wait_group
          ? (is_later_round(race.address) ? misuse_kind::reused_beside_wait : misuse_kind::add_beside_wait)
      : both ? misuse_kind::close_beside_close
             : misuse_kind::send_beside_close;
  finding f = in_words(what, race.of, race.address, race.current, race.previous, current_writes, prefix);
  f.missing_edge = missing_edge(f);
  describe_order(f, race, prefix);
  return f;
}

}  // namespace snag::detector
