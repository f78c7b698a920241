// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/last_handle.h"

#include <algorithm>
#include <atomic>
#include <exception>

#include "detector/src/entry.h"
#include "detector/src/frames.h"
#include "detector/src/heap_blocks.h"
#include "detector/src/liveness/blocked.h"
#include "detector/src/liveness/check.h"
#include "detector/src/liveness/handles.h"
#include "detector/src/liveness/sources.h"
#include "detector/src/object_kinds.h"
#include "detector/src/object_state.h"
#include "detector/src/world.h"
#include "runtime/census.h"

namespace snag::detector {
namespace {

using events::object;
using events::wait_operation;

std::uintptr_t number(const void* p) { return reinterpret_cast<std::uintptr_t>(p); }

// What somebody who waits has for himself: his stack, his closure.
class own_memory {
 public:
  explicit own_memory(const actor_state& a) noexcept
      : stack_(a.stack), closure_(events::memory_of(*a.of, {}).closure) {}
  bool has(const void* at) const noexcept {
    if (number(at) >= stack_.low && number(at) < stack_.high) return true;
    if (number(at) >= number(closure_.low) && number(at) < number(closure_.high)) return true;
    // Or the closure is the block that is pointed to.
    heap_block block;
    if (closure_.empty() || !find_heap_block(at, block)) return false;
    return *reinterpret_cast<const void* const*>(closure_.low) == block.begin;
  }

 private:
  stack_window stack_;
  events::memory_span closure_;
};

struct waiter {
  wait_operation operation;
  own_memory memory;
};

// pre: the world is stopped
bool only_waiters_have(const object& o, std::uint64_t& looked_at) {
  constexpr std::size_t most_waiters = 16;  // each handle is looked for with each of them
  vector<waiter> waiters;
  actor_state::for_each([&](const actor_state& a) {
    ++looked_at;
    if (a.waits == nullptr || a.of == nullptr) return;
    for (const events::wait_target& t : a.waits->targets())
      if (t.on == &o && waiters.size() <= most_waiters) waiters.push_back({t.operation, own_memory(a)});
  });
  if (waiters.size() > most_waiters) return false;
  bool others_end[2] = {false, false};  // what waits to receive, and what waits to send
  handles.for_each([&](const void* at, const object& of, events::direction way) {
    ++looked_at;
    if (&of != &o) return;
    if (std::any_of(waiters.begin(), waiters.end(), [&](const waiter& w) { return w.memory.has(at); }))
      return;
    others_end[0] |= may_end(wait_operation::receive, way);
    others_end[1] |= may_end(wait_operation::send, way);
  });
  return std::any_of(waiters.begin(), waiters.end(),
                     [&](const waiter& w) { return !others_end[w.operation == wait_operation::send]; });
}

std::atomic<std::uint64_t> asked_since{0}, cost{0};

}  // namespace

bool count_waits(std::span<const events::wait_target> on, int more) noexcept {
  bool stranded = false;
  for (const events::wait_target& t : on) {
    if (t.on == nullptr || !has_counted_handles(t.on->kind)) continue;
    object_state& s = state_of(*const_cast<object*>(t.on));  // whose slot is the observer's
    spin_guard guard(s.lock);
    s.ends().waits(t.operation, more);
    stranded = stranded || s.ends().is_stranded();
  }
  return stranded;
}

namespace {

// Quick, and no proof. Not answered, but no, at most moments when there is much to look at.
bool only_waiters_seem_to_have(const object& o) noexcept {
  if (asked_since.fetch_add(1, std::memory_order_relaxed) < cost.load(std::memory_order_relaxed))
    return false;
  asked_since.store(0, std::memory_order_relaxed);
  thread_state& t = this_thread();
  const core_scope inside(t);
  if (!inside) return false;
  constexpr int attempts = 3;  // (another stops the world meanwhile)
  for (int i = 0; i < attempts; ++i) {
    if (!world.stop(t)) continue;
    std::uint64_t looked_at = 0;
    const bool yes = only_waiters_have(o, looked_at);
    cost.store(looked_at / 1024, std::memory_order_relaxed);
    world.resume();
    return yes;
  }
  return false;
}

// The first two times that a last handle goes at one place.
bool is_new_place() noexcept {
  thread_state& t = this_thread();
  const core_scope inside(t);
  if (!inside || t.actor == nullptr) return false;
  const stack_window w = live_stack(*t.actor, __builtin_frame_address(0));
  const place here = place_of(t.calls, nullptr, top_frame(t, w), w);
  static constinit spin_lock lock;
  static constinit unordered_map<std::uint64_t, int>* times = nullptr;
  spin_guard guard(lock);
  if (times == nullptr) times = internal_new<unordered_map<std::uint64_t, int>>();
  constexpr std::size_t most = 4096;
  const auto key = static_cast<std::uint64_t>(here.site) << 32 | static_cast<std::uint64_t>(here.context);
  if (times->size() >= most && times->find(key) == times->end()) return false;
  return (*times)[key]++ < 2;
}

}  // namespace

bool seems_stranded(const object& o, bool certainly) noexcept {
  // (Static objects are destroyed after the end, when nobody could miss them.)
  return !nobody_is_looked_for() && (certainly || only_waiters_seem_to_have(o));
}

// (An exception that unwinds to the end of its goroutine is a panic, and nobody is left behind by that. If it
// is caught, a later look finds who is.)
[[gnu::noinline]] void look_for_the_stranded() noexcept {
  if (std::uncaught_exceptions() > 0) return;
  look_for_deadlocks(is_new_place() ? occasion::last_handle : occasion::last_handle_again);
}

handle_loss last_handle_of(capture& c, party_index who, const wait_snapshot::wait& w) {
  if (w.on == object_index::nil) return {};
  const auto o = static_cast<std::size_t>(w.on);
  const wait_snapshot::object& waited_for = c.snapshot.objects[o];
  if (!has_counted_handles(waited_for.kind) || c.objects[o].of == nullptr) return {};
  // What those who wait for it have in their own hands.
  constexpr std::size_t most = 64;
  vector<region_index> theirs;
  std::size_t count = 0;
  for (std::size_t p = 0; p < c.snapshot.parties.size(); ++p) {
    const auto waits = c.snapshot.waits_of(party_index(static_cast<std::uint32_t>(p)));
    if (c.parties[p].actor == nullptr ||
        std::none_of(waits.begin(), waits.end(), [&](const auto& other) { return other.on == w.on; }))
      continue;
    if (++count > most) return {};
    const region_index own{static_cast<std::uint32_t>(p) + 1};
    theirs.push_back(own);
    c.memory.visit(own, theirs);
  }
  for (const wait_snapshot::handle& h : waited_for.handles)
    if (may_end(w.operation, h.way) && std::find(theirs.begin(), theirs.end(), h.in) == theirs.end())
      return {};
  object_state& s = state_of(*const_cast<object*>(c.objects[o].of));
  spin_guard guard(s.lock);
  return s.ends().latest(w.operation, c.snapshot.parties[static_cast<std::size_t>(who)].id);
}

}  // namespace snag::detector
