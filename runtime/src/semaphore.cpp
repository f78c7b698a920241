// SPDX-License-Identifier: Apache-2.0
#include "snag/semaphore.h"

#include <new>

#include "runtime/src/bubble.h"
#include "runtime/src/object.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"
#include "runtime/src/wait_queue.h"
#include "snag/panic.h"
#include "snag/select.h"

namespace snag::detail {

using events::wait_mode;
using events::wait_operation;

namespace {

// Who waits: parked (`who` is set), or in a select with its context, to be told through a channel.
struct semaphore_waiter : waiter {
  std::int64_t units = 0;
};
// Shared by the one who waits and whoever grants, who tells it after the guard is free.
struct selecting_waiter : semaphore_waiter {
  chan<void> told{1};
  std::atomic<int> references{2};
  void drop() noexcept {
    if (references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }
};

// Those whose units were granted under the guard, to be woken once it is free.
class granted_list {
 public:
  void add_parked(waiter& w) noexcept { parked_.add(w, wake_result::delivered); }
  void add_selecting(selecting_waiter& w) noexcept {
    w.next = nullptr;
    (last_ != nullptr ? last_->next : first_) = &w;
    last_ = &w;
  }
  void wake_all() {
    parked_.ready_all();
    for (waiter* w = first_; w != nullptr;) {
      auto& told = static_cast<selecting_waiter&>(*w);
      w = w->next;
      told.told.send();  // there is room: told once
      told.drop();
    }
  }

 private:
  wake_list parked_;
  waiter *first_ = nullptr, *last_ = nullptr;
};

// What a semaphore_storage is. Whenever the guard is free: the first in the queue asks for more than is left.
struct semaphore_core {
  events::object object;
  const std::int64_t size;
  std::int64_t used;
  const std::uint64_t bubble;  // that it was made in
  spin_mutex guard;
  wait_queue queue;  // of semaphore_waiter; changed under the guard

  bool try_take(std::int64_t units, events::site) noexcept SNAG_REQUIRES(guard);
  void grant(granted_list&) noexcept SNAG_REQUIRES(guard);
};
static_assert(sizeof(semaphore_core) == sizeof(semaphore_storage) &&
              alignof(semaphore_core) == alignof(semaphore_storage));

semaphore_core& core_of(semaphore_storage& storage) noexcept {
  return *std::launder(reinterpret_cast<semaphore_core*>(&storage));
}

bool semaphore_core::try_take(std::int64_t units, events::site where) noexcept {
  if (units > size - used || !queue.empty()) return false;
  used += units;
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_acquired(current(), object, 0, where);
  return true;
}

void semaphore_core::grant(granted_list& granted) noexcept {
  while (auto* const w = static_cast<semaphore_waiter*>(queue.first())) {
    if (w->units > size - used) return;  // nor those behind it, or a large request would starve
    used += w->units;
    queue.remove(*w);
    if (w->who == nullptr) {
      w->result = wake_result::delivered;
      granted.add_selecting(static_cast<selecting_waiter&>(*w));
      continue;
    }
    if (events::observer* o = events::installed()) [[unlikely]]
      o->on_acquired(*w->who, object, 0, w->where);
    granted.add_parked(*w);
  }
}

void check_units(std::int64_t n) {
  if (n < 0) panic("semaphore: negative weight");
}

// Units that were granted when nobody wanted them any more: as if they had never been taken.
void put_back(semaphore_core& s, std::int64_t units) {
  granted_list granted;
  {
    const spin_lock lock(s.guard);
    s.used -= units;
    s.grant(granted);
  }
  granted.wake_all();
}

// The context was cancelled first: leaves the queue, or gives back what has been granted meanwhile.
void give_up(semaphore_core& s, selecting_waiter& self) {
  granted_list granted;
  {
    const spin_lock lock(s.guard);
    if (self.result == wake_result::delivered) {
      s.used -= self.units;
    } else {
      s.queue.remove(self);
      self.drop();  // the grant's part
    }
    s.grant(granted);  // those behind may fit
  }
  granted.wake_all();
}

}  // namespace

void prepare_semaphore(semaphore_storage& storage) {
  if (storage.size < 0) panic("semaphore: negative size");
  storage.bubble = bubble::current_id();
}

void acquire_semaphore(semaphore_storage& storage, std::int64_t n) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  check_units(n);
  semaphore_core& s = core_of(storage);
  semaphore_waiter self;
  s.guard.lock();
  if (s.try_take(n, where)) return s.guard.unlock();
  self.who = &current();
  self.where = where;
  self.units = n;
  if (n <= s.size) s.queue.push(self);  // else it can never be served, and is in nobody's way
  if (events::observer* o = events::listening()) [[unlikely]] {
    const events::wait_target target{&s.object, wait_operation::wait};
    o->on_blocked(*self.who, wait_reason::semaphore, wait_mode::all_of, {&target, 1}, where);
  }
  if (self.who->in_bubble != nullptr) [[unlikely]]
    self.who->waits_inside = s.bubble == self.who->in_bubble->id();
  park(s.guard, wait_reason::semaphore);
}

error acquire_semaphore(semaphore_storage& storage, const context& ctx, std::int64_t n) {
  const events::site where{__builtin_return_address(0)};
  check_units(n);
  if (error e = ctx.err()) return e;
  semaphore_core& s = core_of(storage);
  if (n > s.size) {
    ctx.done().recv();
    return ctx.err();
  }
  {
    const spin_lock lock(s.guard);
    if (s.try_take(n, where)) return {};
  }
  auto* const self = new selecting_waiter;
  self->units = n;
  self->where = where;
  bool taken = false;
  {
    const spin_lock lock(s.guard);
    taken = s.try_take(n, where);  // somebody may have released meanwhile
    if (!taken) s.queue.push(*self);
  }
  if (taken) {
    delete self;
    return {};
  }
  struct dropper {
    selecting_waiter* w;
    ~dropper() { w->drop(); }
  } const mine{self};
  const bool granted = select(on_recv(self->told), on_recv(ctx.done())) == 0;
  if (!granted) {
    give_up(s, *self);
    return ctx.err();
  }
  if (error e = ctx.err()) {  // both were ready: a cancelled acquire takes nothing
    put_back(s, n);
    return e;
  }
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_acquired(current(), s.object, 0, where);
  return {};
}

bool try_acquire_semaphore(semaphore_storage& storage, std::int64_t n) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  check_units(n);
  semaphore_core& s = core_of(storage);
  const spin_lock lock(s.guard);
  return s.try_take(n, where);
}

void release_semaphore(semaphore_storage& storage, std::int64_t n) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  check_units(n);
  semaphore_core& s = core_of(storage);
  granted_list granted;
  {
    spin_lock lock(s.guard);
    if (n > s.used) {
      lock.unlock();
      panic("semaphore: released more than held");
    }
    if (events::observer* o = events::installed()) [[unlikely]]
      o->on_released_merging(current(), s.object, 0, where);
    s.used -= n;
    s.grant(granted);
  }
  granted.wake_all();
}

}  // namespace snag::detail
