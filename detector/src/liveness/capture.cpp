// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/capture.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <optional>

#include "detector/src/kept_by_kernel.h"
#include "detector/src/liveness/root_memory.h"
#include "detector/src/liveness/sources.h"
#include "detector/src/object_kinds.h"
#include "detector/src/raw_signals.h"
#include "runtime/census.h"

namespace snag::detector {
namespace {

using events::object_kind;
using events::wait_operation;

constexpr std::size_t thread_control_block = 0x900;  // glibc's struct pthread: keys' values, dynamic TLS

const std::byte* bytes_at(std::uint64_t address) { return reinterpret_cast<const std::byte*>(address); }
events::memory_span locals_of(const thread_state& t) {
  return {bytes_at(t.static_tls_low), bytes_at(t.static_tls_high)};
}
events::memory_span control_of(const thread_state& t) {
  return {bytes_at(t.static_tls_high), bytes_at(t.static_tls_high + thread_control_block)};
}

// Whoever waits for these waits for what lies at their own address.
bool is_its_own_handle(object_kind k) { return !has_counted_handles(k) && !is_owned(k); }

// Where a stack ends. glibc counts the thread-locals and the control block to a thread's, which have pointers
// to them everywhere in its own lists.
const std::byte* end_of_stack(const std::byte* base, const std::byte* low, const thread_state& t) {
  const std::byte* const locals = bytes_at(t.static_tls_low);
  return locals > low && locals < base ? locals : base;
}

// A reader waits behind writers that came before. Of POSIX's locks glibc has one kind that is so.
bool lets_writers_first(const events::object& o) {
  if (o.kind == object_kind::shared_mutex) return true;
  return o.kind == object_kind::pthread_rwlock &&
         static_cast<const pthread_rwlock_t*>(events::address_of(o))->__data.__flags ==
             PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

// Sleeps in the kernel by itself: told before and after, and to be seen there now.
bool sleeps_by_itself(const blocked& b) {
  const auto on = b.targets();
  return b.reason == events::wait_reason::foreign && on.size() == 1 && on[0].on != nullptr &&
         on[0].operation == wait_operation::wait;
}
bool is_asleep(const blocked& b, const stopped_program::place* mounted) {
  constexpr std::uintptr_t most_within = 32;  // a sem_t, a pthread_barrier_t
  const events::wait_target& on = b.targets()[0];
  const auto begin =
      reinterpret_cast<std::uintptr_t>(on.word != nullptr ? on.word : events::address_of(*on.on));
  return mounted != nullptr && mounted->sleeps_on != 0 && mounted->sleeps_on - begin < most_within;
}

// Some handler makes calls end early (EINTR).
bool has_interrupting_handler() {
  constexpr signal_bits faults = bit_of(SIGSEGV) | bit_of(SIGBUS) | bit_of(SIGFPE) | bit_of(SIGILL) |
                                 bit_of(SIGTRAP) | bit_of(SIGSYS) | bit_of(SIGABRT);
  constexpr signal_bits of_libc = bit_of(32) | bit_of(33);
  constexpr int last = 64;
  for (int number = 1; number <= last; ++number) {
    kernel_action now{};
    if (((faults | of_libc) & bit_of(number)) != 0 || !kernel_sigaction(number, nullptr, &now)) continue;
    if (reinterpret_cast<std::uintptr_t>(now.handler) > 1 && (now.flags & SA_RESTART) == 0) return true;
  }
  return false;
}

}  // namespace

capture::capture(thread_state& self, const stopped_program& others, const std::byte* stack_pointer,
                 std::span<const std::uint64_t> further_names) {
  add_parties(self, others, stack_pointer, further_names);
  if (!anybody_parked) return;
  add_waits();
  add_owners();
  add_handles();
  snapshot.regions.resize(memory.region_count());
}

void capture::add_parties(thread_state& self, const stopped_program& others, const std::byte* stack_pointer,
                          std::span<const std::uint64_t> further_names) {
  std::size_t count = 0;
  party::for_each([&](const party&) { ++count; });
  parties.reserve(count);
  snapshot.parties.reserve(count);
  snapshot.waits.reserve(count);
  snapshot.regions.reserve(count + 1);
  memory.expect_parties(count);
  snapshot.regions.push_back({.root = true});
  const auto is_threads_own = [](const thread_state& t) {
    const party* const there = party_on(t);
    return there != nullptr && there->id != events::goroutine_id::none &&
           there->kind == events::actor_kind::thread;
  };
  struct named {
    party_index who;
    std::uint64_t id;
  };
  vector<named> cancellable;
  std::optional<bool> interrupted;
  party::for_each([&](party& a) {
    if (a.id == events::goroutine_id::none || a.of == nullptr) return;
    blocked* const b = a.waits;
    const stopped_program::place* const stopped = a.mounted != nullptr ? others.find(*a.mounted) : nullptr;
    wait_snapshot::party p;
    p.id = a.id;
    p.parked = b != nullptr;
    if (b != nullptr && sleeps_by_itself(*b)) {
      if (!interrupted.has_value()) interrupted = has_interrupting_handler();
      p.parked = !*interrupted && is_asleep(*b, stopped);
    }
    if (p.parked) {
      anybody_parked = true;
      p.mode = b->mode;
    }
    const auto* const users_part = b != nullptr ? bytes_at(b->users_part) : nullptr;
    const bool asks = b != nullptr && users_part == nullptr;
    events::actor_memory m = events::memory_of(*a.of, asks ? b->site : events::site{});
    if (users_part > m.stack.low && users_part < m.stack.high) m.users_part = users_part;
    events::memory_span locals, control;
    if (thread_state* const t = a.mounted; t != nullptr) {
      if (a.kind != events::actor_kind::thread) m.stack = {};
      const std::byte* low = nullptr;
      if (t == &self)
        low = stack_pointer;
      else if (stopped != nullptr)
        low = stopped->stack_pointer;
      const std::byte* const high = end_of_stack(m.base, low, *t);
      const auto* const lowest = reinterpret_cast<const std::byte*>(a.stack.low);
      if (low != nullptr && high != nullptr && low >= lowest && low < high) {
        // (Of a goroutine that is mounted, the runtime knows only where it stood before.)
        if (b == nullptr || m.stack.empty() || a.kind != events::actor_kind::thread) m.users_part = low;
        m.stack = {low, high};
      }
      if (is_threads_own(*t)) locals = locals_of(*t), control = control_of(*t);
    }
    // Whoever has begun has a stack, and what it knows may be there alone; a thread that has not knows what
    // it is to begin with.
    const bool has_begun = a.stack.high != 0;
    if (has_begun ? m.stack.empty() : a.kind == events::actor_kind::thread) complete = false;
    const party_index i{static_cast<std::uint32_t>(parties.size())};
    memory.add_party(m, locals, control);
    snapshot.regions.push_back({.of = i});
    snapshot.parties.push_back(p);
    parties.push_back({&a, memory_map::root});
    if (a.kind == events::actor_kind::thread) threads_.emplace(a.of, i);
    if (a.kind == events::actor_kind::thread && a.mounted != nullptr && b != nullptr)
      cancellable.push_back({i, a.mounted->static_tls_high});
  });
  // (After all parties: theirs are the first regions.)
  for (const auto& [who, id] : cancellable) {
    parties[static_cast<std::size_t>(who)].name = memory.add_name(id);
    snapshot.regions.push_back({});
  }
  for (const std::uint64_t id : further_names) {
    names.push_back(memory.add_name(id));
    snapshot.regions.push_back({});
  }
  const auto add_root = [&](const thread_state& t) {
    if (is_threads_own(t)) return;
    memory.add_root(locals_of(t));
    memory.add_root(control_of(t));
  };
  add_root(self);
  const auto kept = std::as_bytes(kept_by_kernel());
  memory.add_root({kept.data(), kept.data() + kept.size()});
  // A handler on a stack of its own has the registers of what it interrupted there.
  if (stack_t now{}; sigaltstack(nullptr, &now) == 0 && (now.ss_flags & SS_ONSTACK) != 0) {
    const auto* const low = static_cast<const std::byte*>(now.ss_sp);
    memory.add_root({low, low + now.ss_size});
  }
  for (const auto& o : others.others()) add_root(*o.thread);
  memory.parties_added();
}

bool capture::everybody_waits() const {
  vector<std::uintptr_t> addresses;
  for (std::size_t i = 0; i < parties.size(); ++i) {
    if (snapshot.parties[i].ended) continue;
    if (!snapshot.parties[i].parked) return false;
    for (const events::wait_target& t : parties[i].actor->waits->targets()) {
      if (t.operation == wait_operation::sleep || t.operation == wait_operation::io) return false;
      if (t.on != nullptr) addresses.push_back(reinterpret_cast<std::uintptr_t>(events::address_of(*t.on)));
    }
  }
  return !any_is_shared(addresses);
}

object_index capture::object_of(const events::object& o) {
  const auto [at, is_new] = index_.add(&o, object_index(static_cast<std::uint32_t>(objects.size())));
  if (is_new) {
    objects.push_back({&o, {}});
    wait_snapshot::object added;
    added.kind = o.kind;
    snapshot.objects.push_back(std::move(added));
  }
  return at;
}

// Held by the thread, until its end.
object_index capture::end_of(const events::actor& thread) {
  const auto [at, is_new] =
      ends_.try_emplace(&thread, object_index(static_cast<std::uint32_t>(objects.size())));
  if (is_new) {
    objects.push_back({});
    snapshot.objects.emplace_back();
    if (const auto known = threads_.find(&thread); known != threads_.end()) {
      snapshot.objects.back().owners.push_back(known->second);
      objects.back().held.emplace_back();
    }
  }
  return at->second;
}

void capture::add_waits() {
  struct queued {
    std::uint64_t order;
    party_index who;
    bool writes;
    std::size_t wait;
  };
  unordered_map<std::uint32_t, vector<queued>> queues;  // of locks that are also taken for reading
  for (std::size_t i = 0; i < parties.size(); ++i) {
    const party* const a = parties[i].actor;
    if (a->waits == nullptr) continue;
    for (const events::wait_target& t : a->waits->targets()) {
      const object_index o = t.whom != nullptr ? end_of(*t.whom)
                             : t.on == nullptr ? object_index::nil
                                               : object_of(*t.on);
      snapshot.add_wait(snapshot.parties[i], {o, t.operation, 0});
      if (t.on != nullptr && lets_writers_first(*t.on))
        queues[static_cast<std::uint32_t>(o)].push_back(
            {a->waits->order, party_index(static_cast<std::uint32_t>(i)), t.operation == wait_operation::lock,
             snapshot.waits.size() - 1});
    }
  }
  for (auto& [o, queue] : queues) {
    std::sort(queue.begin(), queue.end(), [](const queued& a, const queued& b) { return a.order < b.order; });
    auto& writers = snapshot.objects[o].writers;
    for (const queued& q : queue) {
      if (q.writes)
        writers.push_back(q.who);
      else
        snapshot.waits[q.wait].place = static_cast<std::uint32_t>(writers.size());
    }
  }
}

void capture::add_owners() {
  unordered_map<std::uint64_t, object_index> locks;
  for (std::size_t o = 0; o < objects.size(); ++o)
    if (objects[o].of != nullptr && is_owned(snapshot.objects[o].kind))
      locks.emplace(reinterpret_cast<std::uint64_t>(events::address_of(*objects[o].of)),
                    object_index(static_cast<std::uint32_t>(o)));
  if (locks.empty()) return;
  const std::size_t living = parties.size();
  for (std::size_t i = 0; i < living; ++i)
    for_each_held(*parties[i].actor, [&](held_lock l) {
      const auto found = locks.find(l.address);
      if (found == locks.end()) return;
      const auto o = static_cast<std::size_t>(found->second);
      snapshot.objects[o].owners.push_back(party_index(static_cast<std::uint32_t>(i)));
      l.where = where_taken(*parties[i].actor, l);
      snapshot.objects[o].reads.push_back(l.mode == events::lock_mode::shared);
      objects[o].held.push_back(l);
    });
  for (const auto& [address, o] : locks) {
    abandoned_lock left;
    if (!find_abandoned(address, left)) continue;
    snapshot.objects[static_cast<std::size_t>(o)].owners.push_back(
        party_index(static_cast<std::uint32_t>(parties.size())));
    snapshot.objects[static_cast<std::size_t>(o)].reads.push_back(left.lock.mode ==
                                                                  events::lock_mode::shared);
    objects[static_cast<std::size_t>(o)].held.push_back(left.lock);
    wait_snapshot::party gone;
    gone.id = left.by;
    gone.ended = true;
    snapshot.parties.push_back(gone);
    parties.push_back({nullptr, memory_map::root});
  }
}

region_index capture::place(const void* address) {
  const region_index r = memory.place(address);
  snapshot.regions.resize(memory.region_count());
  return r;
}

void capture::add_handles() {
  // A wait that is a cancellation point ends by a cancellation, too. (Waiting for a lock is none.)
  for (std::size_t p = 0; p < parties.size(); ++p) {
    if (parties[p].name == memory_map::root) continue;
    for (const wait_snapshot::wait& w : snapshot.waits_of(party_index(static_cast<std::uint32_t>(p))))
      if (w.on != object_index::nil && w.operation == wait_operation::wait)
        snapshot.objects[static_cast<std::size_t>(w.on)].handles.push_back(
            {parties[p].name, events::direction::both});
  }
  for (std::size_t o = 0; o < objects.size(); ++o)
    if (objects[o].of != nullptr && is_its_own_handle(snapshot.objects[o].kind))
      snapshot.objects[o].handles.push_back(
          {place(events::address_of(*objects[o].of)), events::direction::both});
  complete = visit_handles_of(
                 [](void* self, const events::object& of) {
                   return static_cast<capture*>(self)->index_.find(&of) != nullptr;
                 },
                 [](void* self, const void* at, const events::object& of, events::direction way) {
                   auto& c = *static_cast<capture*>(self);
                   c.snapshot.objects[static_cast<std::size_t>(*c.index_.find(&of))].handles.push_back(
                       {c.place(at), way});
                 },
                 this) &&
             complete;
}

}  // namespace snag::detector
