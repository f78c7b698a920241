// SPDX-License-Identifier: Apache-2.0
#include "detector/src/lock_order/lock_order.h"

#include <pthread.h>

#include <algorithm>
#include <optional>

#include "detector/src/lock_order/lock_graph.h"
#include "detector/src/race.h"
#include "detector/src/site_registry.h"
#include "detector/src/slot_table.h"
#include "detector/src/sync_table.h"

namespace snag::detector {
namespace {

using events::lock_mode;
using events::object_kind;

constinit spin_lock graph_lock;
constinit lock_graph* graph SNAG_DETECTOR_GUARDED_BY(graph_lock) = nullptr;
constinit std::atomic<std::uint32_t> forgotten{0};
constinit std::atomic<std::uint64_t> untold{0};
constinit std::atomic<std::uint32_t> gates_made{0};
constexpr std::uint32_t most_gates = 1 << 16;

// Whether a reader waits behind writers that wait. libc's rwlocks let readers pass them (and
// PTHREAD_RWLOCK_PREFER_WRITER_NP does, too): only the kind that must not be read twice does not.
bool puts_writers_first(const events::object& lock) noexcept {
  if (lock.kind == object_kind::shared_mutex) return true;
  return lock.kind == object_kind::pthread_rwlock &&
         static_cast<const pthread_rwlock_t*>(events::address_of(lock))->__data.__flags ==
             PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

// A cycle as the reporter wants it. Copied under the graph's lock.
class prediction {
 public:
  prediction(const prediction&) = delete;  // its parts point at each other
  explicit prediction(lock_cycle cycle) noexcept {
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      const lock_dependency& next = *cycle[(i + 1) % cycle.size()].member;
      add(*cycle[i].member, next, cycle[i].writer);
      if (cycle[i].writer == nullptr) continue;
      raw_.shape = deadlock_shape::queued_writer;
      add(*cycle[i].writer, next, nullptr);
    }
  }
  void tell() noexcept {
    raw_.waits = {waits_.data(), size_};
    report(raw_);
  }

 private:
  void add(const lock_dependency& d, const lock_dependency& holder, const lock_dependency* queued) noexcept {
    const held_lock& wanted = d.wanted();
    raw_holder* const holders = holders_[size_].data();
    std::size_t n = 0;
    if (queued != nullptr) {
      const place at = queued->wanted().where;
      holders[n++] = {queued->who, raw_holder::role::queued, sites[at.site], at.context};
    }
    for (lock_set_id set = holder.holding(); set != lock_set_id::none; set = held_locks.rest(set)) {
      const held_lock& held = held_locks.latest(set);
      if (held.address != wanted.address) continue;
      holders[n++] = {holder.who,
                      held.mode == lock_mode::shared ? raw_holder::role::shared : raw_holder::role::exclusive,
                      sites[held.where.site], held.where.context};
      break;
    }
    const bool reads = wanted.mode == lock_mode::shared;
    const bool is_mutex = wanted.kind == object_kind::mutex || wanted.kind == object_kind::pthread_mutex;
    targets_[size_] = {reads ? events::wait_operation::lock_shared : events::wait_operation::lock,
                       wanted.kind,
                       wanted.address,
                       {holders, n}};
    waits_[size_] = {d.who,
                     is_mutex ? events::wait_reason::mutex_lock
                     : reads  ? events::wait_reason::shared_mutex_rlock
                              : events::wait_reason::shared_mutex_lock,
                     sites[wanted.where.site],
                     wanted.where.context,
                     -1,
                     0,
                     {&targets_[size_], 1}};
    ++size_;
  }

  static constexpr std::size_t most = 2 * longest_cycle;
  std::array<std::array<raw_holder, 2>, most> holders_;
  std::array<raw_wait_target, most> targets_;
  std::array<raw_wait, most> waits_;
  std::size_t size_ = 0;
  raw_deadlock raw_{deadlock_shape::lock_cycle, true, false, {}};
};

lock_steps& steps_of(actor_state& a) noexcept {
  if (a.steps == nullptr) a.steps = internal_new<lock_steps>();
  return *a.steps;
}

}  // namespace

void note_lock_taken(actor_state& self, const events::object& lock, lock_set_id before, bool tried) noexcept {
  if (tried || self.locks == before) return;
  const held_lock& taken = held_locks.latest(self.locks);
  if (before == lock_set_id::none &&
      (taken.kind == object_kind::mutex || taken.kind == object_kind::pthread_mutex))
    return;
  const bool writers_first = puts_writers_first(lock);
  if (before == lock_set_id::none && !(writers_first && taken.mode == lock_mode::exclusive)) return;
  lock_steps& steps = steps_of(self);
  // (Locks that ended meanwhile are counted with the changes of order: what was told is told again.)
  const std::uint32_t changes = self.order_changes() + forgotten.load(std::memory_order_acquire);
  if (!steps.is_news(self.locks, changes)) return;
  for (lock_set_id set = before; set != lock_set_id::none; set = held_locks.rest(set)) {
    const held_lock& held = held_locks.latest(set);
    const bool both_read = held.mode == lock_mode::shared && taken.mode == lock_mode::shared;
    if (held.address == taken.address && !(both_read && writers_first)) return;  // it waits for nobody
  }
  if (steps.unknown_gates) {
    untold.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  self.note_record();  // its slot is not to be another's
  const lock_dependency d{self.who()->id,         self.who()->kind, writers_first,   self.locks, self.now(),
                          self.order_but_locks(), steps.flows(),    steps.inherited, changes};
  std::optional<prediction> found;
  {
    spin_guard guard(graph_lock);
    if (graph == nullptr) graph = internal_new<lock_graph>();
    if (!graph->add(d, [&](lock_cycle c) { found.emplace(c); }))
      untold.fetch_add(1, std::memory_order_relaxed);
  }
  if (found) [[unlikely]]
    found->tell();
}

void note_lock_given(actor_state& self, const events::object& lock) noexcept {
  if (self.steps == nullptr) return;
  lock_steps& steps = *self.steps;
  const auto address = reinterpret_cast<std::uint64_t>(events::address_of(lock));
  steps.settle_flows(address);
  for (gate_hold** at = &steps.open; *at != steps.inherited; at = &(*at)->outer) {
    gate_hold& g = **at;
    if (g.address != address || g.released.load(std::memory_order_relaxed)) continue;
    g.known_at_release = self.order_but_locks();
    g.at_release = self.now();
    g.released.store(true, std::memory_order_release);
  }
  // Children keep the chain as it was when they were created.
  while (steps.open != steps.inherited && steps.open->released.load(std::memory_order_relaxed))
    steps.open = steps.open->outer;
}

void note_creation(actor_state& parent, actor_state& child) noexcept {
  if (parent.steps == nullptr && parent.locks == lock_set_id::none) return;
  if (parent.who() == nullptr || child.who() == nullptr) return;
  lock_steps& from = steps_of(parent);
  for (lock_set_id set = parent.locks; set != lock_set_id::none; set = held_locks.rest(set)) {
    const held_lock& held = held_locks.latest(set);
    bool known = false;
    for (const gate_hold* g = from.open; g != from.inherited && !known; g = g->outer)
      known = g->address == held.address && !g->released.load(std::memory_order_relaxed);
    if (known) continue;
    if (gates_made.fetch_add(1, std::memory_order_relaxed) >= most_gates) {
      gates_made.store(most_gates, std::memory_order_relaxed);
      from.unknown_gates = true;
      break;
    }
    gate_hold* const g = internal_new<gate_hold>();
    g->owner = parent.who()->id;
    g->address = held.address;
    g->mode = held.mode;
    g->outer = from.open;
    from.open = g;
  }
  if (from.open == nullptr && from.flows().empty() && !from.unknown_gates) return;
  lock_steps& to = steps_of(child);
  to.open = to.inherited = from.open;
  to.unknown_gates = from.unknown_gates;
  to.join_flows(from.flows());
}

namespace {

// `self` has waited, holding locks, for what the taker did after it had let go one of them.
struct found_wait {
  lock_taker taker;
  held_lock held;
};

bool apart(lock_set_id a, lock_set_id b, std::uint64_t but) noexcept {
  for (; a != lock_set_id::none; a = held_locks.rest(a))
    for (lock_set_id other = b; other != lock_set_id::none; other = held_locks.rest(other)) {
      const held_lock &x = held_locks.latest(a), &y = held_locks.latest(other);
      if (x.address == y.address && x.address != but &&
          (x.mode == lock_mode::exclusive || y.mode == lock_mode::exclusive))
        return false;
    }
  return true;
}

// `direct`: whose doing ended the wait; none: anybody's.
std::optional<found_wait> find_taker(const actor_state& self, const vector_clock& before,
                                     const vector_clock& learned, slot_id direct) noexcept {
  for (lock_set_id set = self.locks; set != lock_set_id::none; set = held_locks.rest(set)) {
    const held_lock& held = held_locks.latest(set);
    const bool ours = held.kind == object_kind::mutex || held.kind == object_kind::shared_mutex;
    if (!ours && held.kind != object_kind::pthread_mutex && held.kind != object_kind::pthread_rwlock)
      continue;
    events::object* const lock =
        ours ? reinterpret_cast<events::object*>(held.address) : proxy_at(held.address);
    if (lock == nullptr) continue;
    object_state& s = state_of(*lock);
    spin_guard guard(s.lock);
    for (const lock_taker& t : s.takers) {
      if (t.who == events::goroutine_id::none || t.at.slot == self.now().slot) continue;
      if (direct != slot_id::none && direct != t.at.slot) continue;
      if (!learned.covers(t.at) || before.covers(t.at)) continue;
      const bool both_read =
          held.mode == lock_mode::shared && held_locks.latest(t.with_it).mode == lock_mode::shared;
      if (both_read || !apart(t.with_it, self.locks, held.address)) continue;
      if (self.steps != nullptr && self.steps->met_flow(t.at.slot, t.at.time)) continue;
      return found_wait{t, held};
    }
  }
  return std::nullopt;
}

// What was found, once for each pair of places. Kept to the end.
struct kept_wait {
  bool valid = true;
  std::uint32_t earlier = 0;  // of the same channel
  found_wait found;
  events::goroutine_id who = events::goroutine_id::none;
  place where;
  raw_wait_target target;
  events::wait_reason reason = events::wait_reason::none;
};
constinit spin_lock waits_lock;
constinit vector<kept_wait>* waits SNAG_DETECTOR_GUARDED_BY(waits_lock) = nullptr;
constexpr std::size_t most_waits = 1024;

std::uint32_t keep_wait(const kept_wait& w) noexcept {
  spin_guard guard(waits_lock);
  if (waits == nullptr) waits = internal_new<vector<kept_wait>>();
  if (waits->size() == most_waits) return 0;
  waits->push_back(w);
  return static_cast<std::uint32_t>(waits->size());
}

bool is_kept(place where, lock_set_id taken) noexcept {
  const place at = held_locks.latest(taken).where;
  spin_guard guard(waits_lock);
  return waits != nullptr && std::any_of(waits->begin(), waits->end(), [&](const kept_wait& w) {
           return w.valid && w.where == where && held_locks.latest(w.found.taker.with_it).where == at;
         });
}

void tell(const kept_wait& w) noexcept {
  const held_lock& taken = held_locks.latest(w.found.taker.with_it);
  const raw_holder awaited[] = {{w.found.taker.who, raw_holder::role::other, nullptr, context_id::root}};
  const raw_holder holder[] = {
      {w.who, w.found.held.mode == lock_mode::shared ? raw_holder::role::shared : raw_holder::role::exclusive,
       sites[w.found.held.where.site], w.found.held.where.context}};
  raw_wait_target for_other = w.target;
  for_other.holders = awaited;
  const raw_wait_target for_lock = {
      taken.mode == lock_mode::shared ? events::wait_operation::lock_shared : events::wait_operation::lock,
      taken.kind, taken.address, holder};
  const bool is_mutex = taken.kind == object_kind::mutex || taken.kind == object_kind::pthread_mutex;
  const raw_wait both[] = {{w.who, w.reason, sites[w.where.site], w.where.context, -1, 0, {&for_other, 1}},
                           {w.found.taker.who,
                            is_mutex                          ? events::wait_reason::mutex_lock
                            : taken.mode == lock_mode::shared ? events::wait_reason::shared_mutex_rlock
                                                              : events::wait_reason::shared_mutex_lock,
                            sites[taken.where.site],
                            taken.where.context,
                            -1,
                            0,
                            {&for_lock, 1}}};
  report(raw_deadlock{deadlock_shape::mixed_cycle, true, false, both});
}

}  // namespace

void note_wait_begins(actor_state& self, const events::object& channel, events::wait_operation operation,
                      place where) noexcept {
  steps_of(self).wait = {&channel, operation, where, self.order_but_locks()};
}

void note_wait_ended(actor_state& self, const events::object& channel, object_state& s,
                     const vector_clock& learned) noexcept {
  if (self.steps == nullptr || self.steps->wait.on == nullptr) return;
  const auto wait = std::move(self.steps->wait);
  self.steps->wait = {};
  if (wait.on != &channel || self.locks == lock_set_id::none || !learned.tag() || s.senders.several ||
      s.receivers.several)
    return;
  const auto found = find_taker(self, wait.before, learned, learned.tag().slot);
  if (!found || is_kept(wait.where, found->taker.with_it)) return;
  const bool sends = wait.operation == events::wait_operation::send;
  kept_wait w;
  w.earlier = s.waits_predicted;
  w.found = *found;
  w.who = self.who()->id;
  w.where = wait.where;
  w.target = {wait.operation, channel.kind, reinterpret_cast<std::uint64_t>(&channel), {}};
  w.reason = sends ? events::wait_reason::chan_send : events::wait_reason::chan_receive;
  if (const std::uint32_t number = keep_wait(w); number != 0) s.waits_predicted = number;
}

void note_end_used(object_state& s, events::direction d, events::goroutine_id who) noexcept {
  channel_end& end = d == events::direction::send ? s.senders : s.receivers;
  end.note(who);
  if (!end.several || s.waits_predicted == 0) return;
  spin_guard guard(waits_lock);
  for (std::uint32_t n = s.waits_predicted; n != 0; n = (*waits)[n - 1].earlier)
    (*waits)[n - 1].valid = false;
  s.waits_predicted = 0;
}

void note_group_waited_for(actor_state& self, const events::object& group, const vector_clock& learned,
                           place where) noexcept {
  const auto found = find_taker(self, self.order_but_locks(), learned, slot_id::none);
  if (!found || is_kept(where, found->taker.with_it)) return;
  kept_wait w;
  w.found = *found;
  w.who = self.who()->id;
  w.where = where;
  w.target = {events::wait_operation::wait, group.kind, reinterpret_cast<std::uint64_t>(&group), {}};
  w.reason = events::wait_reason::wait_group;
  keep_wait(w);
}

void note_join(actor_state& waiter, const actor_state& ended, events::goroutine_id who,
               place where) noexcept {
  if (ended.steps != nullptr && !ended.steps->flows().empty())
    steps_of(waiter).join_flows(ended.steps->flows());
  if (waiter.locks == lock_set_id::none || !waiter.who()) return;
  const vector_clock& last = ended.final_clock().but_locks();
  const auto found = find_taker(waiter, waiter.order_but_locks(), last, slot_id::none);
  if (!found || is_kept(where, found->taker.with_it)) return;
  kept_wait w;
  w.found = *found;
  w.who = waiter.who()->id;
  w.where = where;
  w.target = {events::wait_operation::join, object_kind::other, static_cast<std::uint64_t>(who), {}};
  w.reason = events::wait_reason::foreign;
  keep_wait(w);
}

void forget_lock_orders(std::uint64_t address) noexcept {
  spin_guard guard(graph_lock);
  if (graph != nullptr && graph->forget(address)) forgotten.fetch_add(1, std::memory_order_release);
}

void finish_lock_orders() noexcept {
  vector<prediction*> found;
  {
    spin_guard guard(graph_lock);
    if (graph != nullptr) graph->finish([&](lock_cycle c) { found.push_back(internal_new<prediction>(c)); });
  }
  for (prediction* p : found) {
    p->tell();
    internal_delete(p);
  }
  vector<kept_wait> kept;
  {
    spin_guard guard(waits_lock);
    if (waits != nullptr) kept = std::move(*waits);
  }
  for (const kept_wait& w : kept)
    if (w.valid) tell(w);
}

void mark_lock_orders() noexcept {
  spin_guard guard(graph_lock);
  if (graph != nullptr) graph->for_each_member([](const lock_dependency& d) { slots.mark(d.at.slot); });
}

lock_order_gaps gaps_in_lock_orders() noexcept { return {untold.load(std::memory_order_relaxed)}; }

}  // namespace snag::detector
