// SPDX-License-Identifier: Apache-2.0
#include "detector/src/actor_state.h"

#include "detector/src/liveness/scopes.h"
#include "detector/src/lock_order/lock_steps.h"
#include "detector/src/misuses.h"
#include "detector/src/thread_state.h"
#include "detector/src/world.h"

namespace snag::detector {

actor_state::actor_state(events::goroutine_id id, events::actor_kind kind, const char* name) noexcept {
  if (kind != events::actor_kind::timer) {
    who_ = internal_new<incarnation>();
    own_ = slots.open(who_);
    begun_ = known_since_ = known_but_locks_since_ = unlearned_since_ = own_.time;
    adopt(id, kind, name);
  }
  enlist();
}

actor_state::~actor_state() {
  finish();
  internal_delete(steps);
  internal_delete(panics_for);
}

void actor_state::finish() noexcept {
  if (finished_) return;
  finished_ = true;
  strike_off();
  leave_scopes(*this);
  if (!own_) return;
  const epoch last = own_;
  known_.change([&](vector_clock& c) { c.tag_with(own_); });
  own_ = {};
  who_ = nullptr;
  slots.close(last, recorded_);
}

void actor_state::adopt(events::goroutine_id id, events::actor_kind kind, const char* name) noexcept {
  this->id = id;
  this->kind = kind;
  who_->id = id;
  who_->kind = kind;
  who_->live_name = name;
}

void actor_state::tick() noexcept {
  if (!own_) return;
  published_window_.of = {};
  if (mounted) close_window(*mounted);
  std::atomic_signal_fence(std::memory_order_seq_cst);  // see unmount()
  unlearned_since_ = ++own_.time;
  if (mounted) mounted->hot.epoch = own_.time;
  if (own_.time < UINT32_MAX) return;
  // The slot's clock is used up: go on in another one, ordered after all we did in this one.
  const epoch last = own_;
  own_ = slots.reopen(last);
  known_.change([&](vector_clock& c) {
    c.flatten();
    c.join(vector_clock({}, last));
  });
  begun_ = known_since_ = known_but_locks_since_ = unlearned_since_ = own_.time;
  if (mounted) mounted->hot.epoch = own_.time;
}

void actor_state::release_into(known_order& to) noexcept {
  if (!own_) {
    to = known_;
    return;
  }
  known_.pass_on(to, own_, known_since_);
  ++order_changes_;
  tick();
}

void actor_state::release_lock_into(known_order& to) noexcept {
  if (!own_) {
    to = known_order(known_.all(), {});
    return;
  }
  known_.pass_on_through_lock(to, own_, known_since_);
  const epoch last = own_;
  const auto [base, span] = mounted ? std::pair(mounted->hot.window_base, mounted->hot.window_span)
                                    : std::pair(std::uint32_t{0}, std::uint32_t{0});
  const clock_time unlearned_since = unlearned_since_;
  tick();
  published_window_ = {last, base, span, world.sweeps(), unlearned_since};
}

bool actor_state::resume(epoch e) noexcept {
  const auto& w = published_window_;
  if (w.of != e || own_.slot != e.slot) return false;  // a release forgets what the one before published
  unlearned_since_ = w.unlearned_since;
  if (w.span == 0 || !mounted || w.sweep != world.sweeps()) return true;
  hooks::hot_state& hot = mounted->hot;
  const std::uint32_t since = hot.window_span;
  if (since != 0 && hot.window_base != w.base + w.span) return true;
  close_window(*mounted);
  hot.window_base = w.base;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  hot.window_span = w.span + since;
  return true;
}

bool actor_state::is_known(const vector_clock& known, const vector_clock& other) const noexcept {
  return other.empty() || published(other) || known.surely_covers(other);
}

bool actor_state::learn(vector_clock& known, clock_time& since, const vector_clock& other) noexcept {
  if (is_known(known, other)) return false;
  if (own_ && other.get(own_.slot) >= since) {
    known = other;
  } else {
    known.join(other, own_);
  }
  since = own_.time;
  return true;
}

void actor_state::learn_of(const known_order& other) noexcept {
  if (!known_.differs() && !other.differs()) {
    order_changes_ += learn(known_.all_, known_since_, other.all());
    return;
  }
  if (!known_.differs()) {
    if (is_known(known_.all_, other.all())) return;
    known_.tell_apart();
    known_but_locks_since_ = known_since_;
  }
  learn(known_.all_, known_since_, other.all());
  order_changes_ += learn(known_.but_locks_, known_but_locks_since_, other.but_locks());
}

void actor_state::set_time_for_testing(clock_time time) noexcept {
  own_.time = unlearned_since_ = time;
  begun_ = std::min(begun_, time);
  if (mounted) close_window(*mounted);
}

}  // namespace snag::detector
