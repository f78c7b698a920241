// SPDX-License-Identifier: Apache-2.0
#include "detector/src/annotations.h"

#include <algorithm>
#include <cstring>

#include "detector/src/address_space.h"
#include "detector/src/entry.h"
#include "detector/src/internal_memory.h"
#include "detector/src/lock_sets.h"
#include "detector/src/sync_table.h"

namespace snag::detector {

// A fiber is an actor of its own; `thread` is the one whose place it takes while it runs.
struct fiber {
  actor_state* actor;
  bool of_thread;
  char name[32];
};

namespace {

// The parts of an annotated lock's clock, as of a shared_mutex: all that writers released, and readers.
constexpr unsigned of_writers = 0, of_readers = 1;

// An annotation in progress: inside the core, with an actor.
struct annotation {
  thread_state& t = this_thread();
  const entry_scope scope{t};
  explicit operator bool() const noexcept { return static_cast<bool>(scope); }
  actor_state& self() const noexcept { return *t.actor; }
};

place place_of_call(thread_state& t, const void* stack_pointer) noexcept {
  const stack_window w = live_stack(*t.actor, stack_pointer);
  return place_of(t.calls, nullptr, top_frame(t, w), w);
}

void release(const annotation& a, const void* at, unsigned part, place where) noexcept {
  const auto address = reinterpret_cast<std::uint64_t>(at);
  if (!in_program(address)) return;
  a.self().last_release = where;
  const known_order released = a.self().release();
  locked_atomic object(address, 1);
  object.join_annotated(part, released);
}

void acquire(const annotation& a, const void* at, unsigned part) noexcept {
  const auto address = reinterpret_cast<std::uint64_t>(at);
  if (!in_program(address)) return;
  const locked_atomic object(address, 1);
  if (const known_order* clock = object.annotated(part)) a.self().acquire(*clock);
}

struct byte_range {
  std::uint64_t begin, end;
};
constinit spin_lock benign_lock;
constinit std::atomic<bool> any_benign{false};
vector<byte_range>& benign_ranges() noexcept {
  static constinit vector<byte_range>* ranges = nullptr;
  if (!ranges) ranges = internal_new<vector<byte_range>>();
  return *ranges;
}

std::uint32_t& scopes_of(actor_state& a, ignored what) noexcept {
  switch (what) {
    case ignored::reads:
      return a.ignoring.reads;
    case ignored::writes:
      return a.ignoring.writes;
    case ignored::frees:
      return a.ignoring.frees;
    case ignored::synchronisation:
      break;
  }
  return a.ignoring.synchronisation;
}

}  // namespace

void annotate_release(const void* at) noexcept {
  if (const annotation a; a && a.self().ignoring.synchronisation == 0)
    release(a, at, of_writers, place_of_call(a.t, __builtin_frame_address(0)));
}

void annotate_acquire(const void* at) noexcept {
  if (const annotation a; a && a.self().ignoring.synchronisation == 0) acquire(a, at, of_writers);
}

void release_to_atomic(const void* at, std::uint32_t bytes) noexcept {
  const auto address = reinterpret_cast<std::uint64_t>(at);
  const annotation a;
  if (!a || !in_program(address)) return;
  a.self().last_release = place_of_call(a.t, __builtin_frame_address(0));
  known_order clock = a.self().release();
  locked_atomic object(address, bytes);
  object.set_clock(std::move(clock));
}

void annotate_lock_taken(const void* lock, events::lock_mode mode) noexcept {
  const annotation a;
  if (!a) return;
  acquire(a, lock, of_writers);
  if (mode == events::lock_mode::exclusive) acquire(a, lock, of_readers);
  actor_state& self = a.self();
  self.locks = held_locks.with(
      self.locks, {reinterpret_cast<std::uint64_t>(lock), place_of_call(a.t, __builtin_frame_address(0)),
                   events::object_kind::mutex, mode});
}

void annotate_lock_given_back(const void* lock, events::lock_mode mode) noexcept {
  const annotation a;
  if (!a) return;
  actor_state& self = a.self();
  self.locks = held_locks.without(self.locks, reinterpret_cast<std::uint64_t>(lock), mode);
  release(a, lock, mode == events::lock_mode::exclusive ? of_writers : of_readers,
          place_of_call(a.t, __builtin_frame_address(0)));
}

void annotate_end_of(const void* lock) noexcept {
  const auto address = reinterpret_cast<std::uint64_t>(lock);
  if (const annotation a; a && in_program(address)) forget_atomics(address, address + 1);
}

void begin_lock_code() noexcept {
  const annotation a;
  if (!a) return;
  ++a.self().ignoring.accesses;
  ++a.self().ignoring.synchronisation;
}

void end_lock_code() noexcept {
  const annotation a;
  if (!a) return;
  ignored_scopes& scopes = a.self().ignoring;
  if (scopes.accesses != 0) --scopes.accesses;
  if (scopes.synchronisation != 0) --scopes.synchronisation;
}

void begin_ignoring(ignored what) noexcept {
  if (const annotation a; a) ++scopes_of(a.self(), what);
}

void end_ignoring(ignored what) noexcept {
  const annotation a;
  if (!a) return;
  std::uint32_t& scopes = scopes_of(a.self(), what);
  if (scopes != 0) --scopes;
}

void annotate_benign_race(const void* at, std::size_t bytes) noexcept {
  const auto address = reinterpret_cast<std::uint64_t>(at);
  const spin_guard guard(benign_lock);
  benign_ranges().push_back({address, address + bytes});
  any_benign.store(true, std::memory_order_release);
}

bool is_benign(std::uint64_t address) noexcept {
  if (!any_benign.load(std::memory_order_acquire)) return false;
  const spin_guard guard(benign_lock);
  const auto& ranges = benign_ranges();
  return std::any_of(ranges.begin(), ranges.end(),
                     [=](byte_range r) { return address >= r.begin && address < r.end; });
}

// --- Fibers ------------------------------------------------------------------------------------------------

namespace {

// The thread's own actor, whatever acts in its place.
struct thread_fibers {
  actor_state* own = nullptr;
  fiber* running = nullptr;  // null: never asked for
};
[[gnu::tls_model("initial-exec")]] constinit thread_local thread_fibers on_this_thread;

fiber* running_fiber(const annotation& a) noexcept {
  thread_fibers& f = on_this_thread;
  if (!f.running) {
    f.own = a.t.actor;
    f.running = internal_new<fiber>(fiber{a.t.actor, true, {}});
  }
  return f.running;
}

}  // namespace

fiber* current_fiber() noexcept {
  const annotation a;
  return a ? running_fiber(a) : nullptr;
}

fiber* create_fiber() noexcept {
  const annotation a;
  if (!a) return nullptr;
  auto* const f = internal_new<fiber>(fiber{nullptr, false, "fiber"});
  f->actor = internal_new<actor_state>(events::goroutine_id::none, events::actor_kind::thread, f->name);
  incarnation* const who = f->actor->who();
  const place where = place_of_call(a.t, __builtin_frame_address(0));
  if (a.self().who()) who->parent = a.self().who()->id;
  who->created_site = where.site;
  who->created_context = where.context;
  f->actor->acquire(a.self().release());
  return f;
}

void destroy_fiber(fiber* f) noexcept {
  const annotation a;
  if (!a || !f || f->of_thread) return;
  internal_delete(f->actor);
  internal_delete(f);
}

void switch_to_fiber(fiber* to, bool ordered) noexcept {
  const annotation a;
  if (!a || !to) return;
  fiber* const from = running_fiber(a);
  if (from == to) return;
  thread_state& t = a.t;
  if (ordered) to->actor->acquire(from->actor->release());
  unmount(t);
  mount(t, *to->actor);
  on_this_thread.running = to;
  actor_state& own = *on_this_thread.own;
  own.fiber = to->actor == &own ? nullptr : to->actor;
}

void name_fiber(fiber* f, const char* name) noexcept {
  if (!f || f->of_thread) return;
  std::strncpy(f->name, name, sizeof f->name - 1);
}

}  // namespace snag::detector
