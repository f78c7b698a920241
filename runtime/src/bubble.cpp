// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/bubble.h"

#include <algorithm>
#include <utility>

#include "runtime/src/closure.h"
#include "runtime/src/fork.h"
#include "snag/bubble.h"
#include "snag/panic.h"

namespace snag::detail {
namespace {

constexpr nanoseconds epoch = std::chrono::seconds(946'684'800);  // 2000-01-01, as in Go

constinit spin_mutex pool_mutex;
constinit bubble* pool = nullptr;
constinit std::uint64_t last_id = 0;

}  // namespace

void forget_bubbles_in_child() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  pool_mutex.unlock();  // whoever held it is gone
  pool = nullptr;
}

std::uint64_t bubble::current_id() noexcept {
  const bubble* const b = current_bubble();
  return b != nullptr ? b->id_ : 0;
}

bubble& bubble::take() noexcept {
  const spin_lock lock(pool_mutex);
  bubble* const b = pool != nullptr ? std::exchange(pool, pool->next_free_) : new bubble;
  b->id_ = ++last_id;
  return *b;
}

void bubble::give_back() noexcept {
  timers_.drop_all();
  const spin_lock lock(pool_mutex);
  next_free_ = std::exchange(pool, this);
}

// --- Counting ----------------------------------------------------------------------------------------------

void bubble::began() noexcept {
  const spin_lock lock(mutex_);
  ++total_;
  ++running_;
}

void bubble::ended(goroutine& g) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_released_merging(g, object_, 0, {});
  g.in_bubble = nullptr;
  goroutine* chosen = nullptr;
  {
    const spin_lock lock(mutex_);
    if (&g == main_) main_ended_ = true;
    --total_;
    --running_;
    chosen = choose();
  }
  if (chosen != nullptr) ready(*chosen);
}

bool bubble::parks_durably(goroutine& g, wait_reason reason) noexcept {
  bool durable = std::exchange(g.waits_inside, false);
  switch (reason) {
    case wait_reason::chan_send_nil:
    case wait_reason::chan_receive_nil:
    case wait_reason::select_no_cases:
    case wait_reason::sleep:
    case wait_reason::condition_wait:
    case wait_reason::bubble_wait:
      durable = true;
      break;
    default:
      break;
  }
  if (!durable) return false;
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_released_merging(g, object_, 0, {});
  g.durable = true;
  return true;
}

void bubble::settle() noexcept {
  goroutine* chosen = nullptr;
  {
    const spin_lock lock(mutex_);
    --running_;
    chosen = choose();
  }
  if (chosen != nullptr) ready(*chosen);
}

void bubble::runs_again(goroutine& g) noexcept {
  g.durable = false;
  const spin_lock lock(mutex_);
  ++running_;
  std::erase_if(lock_waits_, [&](const lock_wait& w) { return w.who == &g; });
}

void bubble::waits_for_lock(goroutine& g, owner_function owner, const void* waited_for) noexcept {
  g.waits_inside = true;
  const spin_lock lock(mutex_);
  lock_waits_.push_back({&g, owner, waited_for});
}

// Who goes on if all are durably blocked; null: they are not.
goroutine* bubble::choose() noexcept {
  if (running_ != 0 || chosen_) return nullptr;
  for (const lock_wait& w : lock_waits_) {
    const goroutine* const owner = w.owner(w.lock);
    if (owner == nullptr || owner->in_bubble != this) return nullptr;
  }
  chosen_ = true;
  const bool timer_due = timers_.next() <= now();
  return waiter_ != nullptr && !timer_due ? waiter_ : root_;
}

// --- bubble() and bubble_wait() ----------------------------------------------------------------------------

void bubble::root_parks(void* argument) noexcept {
  auto& self = *static_cast<bubble*>(argument);
  goroutine* chosen = nullptr;
  {
    const spin_lock lock(self.mutex_);
    self.chosen_ = false;
    chosen = self.choose();
  }
  if (chosen != nullptr) ready(*chosen);
}

// To the next timer. False: there is none, or time has stopped because main has ended.
bool bubble::advance() noexcept {
  const nanoseconds next = timers_.next();
  {
    const spin_lock lock(mutex_);
    if (next == timer_heap::never || main_ended_) return false;
  }
  now_.store(std::max(now(), next).count(), std::memory_order_release);
  timers_.fire_due(now());
  return true;
}

void bubble::run(void (*run)(void*), void* closure, events::site where) {
  goroutine& self = current();
  if (current_bubble() != nullptr) panic("synctest.Run called from within a synctest bubble");
  bubble& b = take();
  events::observer* const o = events::installed();
  if (o != nullptr) o->on_object_created(b.object_, &self, 0, where);
  b.now_.store(epoch.count());
  goroutine& main = make_goroutine({.in_bubble = &b}, &self, where.pc);
  main.run = run;
  main.set_closure_elsewhere(closure);
  {
    const spin_lock lock(b.mutex_);
    b.root_ = &self;
    b.main_ = &main;
    b.chosen_ = true;  // the root has its turn until it parks
    b.main_ended_ = b.waiting_ = false;
  }
  launch(main, &self);
  do park(&root_parks, &b, wait_reason::bubble_run);
  while (b.advance());
  if (o != nullptr) o->on_acquired(self, b.object_, 0, where);
  bool main_ended, all_ended;
  {
    const spin_lock lock(b.mutex_);
    main_ended = b.main_ended_;
    all_ended = b.total_ == 0;
  }
  if (!all_ended) {  // the bubble stays theirs for ever
    panic(main_ended ? "deadlock: main bubble goroutine has exited but blocked goroutines remain"
                     : "deadlock: all goroutines in bubble are blocked");
  }
  if (o != nullptr) o->on_object_destroyed(b.object_);
  b.give_back();
}

void bubble::wait(goroutine& self, events::site where) {
  {
    spin_lock lock(mutex_);
    if (std::exchange(waiting_, true)) {
      lock.unlock();
      panic("wait already in progress");
    }
  }
  park(
      [](void* argument) {
        auto& g = *static_cast<goroutine*>(argument);
        const spin_lock lock(g.in_bubble->mutex_);
        g.in_bubble->waiter_ = &g;
      },
      &self, wait_reason::bubble_wait);
  {
    const spin_lock lock(mutex_);
    waiter_ = nullptr;
    waiting_ = chosen_ = false;
  }
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_acquired(self, object_, 0, where);
}

void run_bubble(void (*run)(void*), void* closure) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  bubble::run(run, closure, where);
}

void wait_in_bubble() {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  bubble* const b = current_bubble();
  if (b == nullptr) panic("goroutine is not in a bubble");
  b->wait(current(), where);
}

}  // namespace snag::detail
