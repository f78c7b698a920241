// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/channel.h"

#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include "runtime/src/bubble.h"
#include "runtime/src/check.h"
#include "snag/panic.h"

namespace snag::detail {

using events::direction;
using events::wait_mode;
using events::wait_operation;

namespace {

void copy(void* to, const void* from, std::size_t bytes) noexcept {
  if (to == nullptr || bytes == 0) return;
  if (bytes == sizeof(void*)) {
    std::memcpy(to, from, sizeof(void*));  // the commonest size, without a call
  } else {
    std::memcpy(to, from, bytes);
  }
}

events::actor& or_current(events::actor* self) noexcept { return self != nullptr ? *self : current(); }

}  // namespace

// Channel and buffer in one block.
struct channel_memory {
  static constexpr std::size_t alignment = alignof(std::max_align_t);
  static constexpr std::size_t header = (sizeof(channel) + alignment - 1) / alignment * alignment;

  static void dispose(channel* c) noexcept {
    c->~channel();
    std::free(c);
  }
};

channel* channel::make(std::size_t capacity, const element_type& type, events::site where) {
  constexpr std::size_t most = std::numeric_limits<std::ptrdiff_t>::max() - channel_memory::header;
  if (type.size != 0 && capacity > most / type.size) panic("makechan: size out of range");
  void* const block = std::malloc(channel_memory::header + capacity * type.size);
  if (block == nullptr) panic("makechan: size out of range");
  auto* const buffer = static_cast<std::byte*>(block) + channel_memory::header;
  auto* const made = new (block) channel(capacity, type, buffer, &channel_memory::dispose, false);
  made->announce(where);
  return made;
}

channel::channel(std::size_t capacity, const element_type& type, std::byte* buffer,
                 void (*dispose)(channel*) noexcept, bool looks_unbuffered) noexcept
    : capacity_(capacity),
      element_size_(type.size),
      buffer_(buffer),
      bubble_(bubble::current_id()),
      looks_unbuffered_(looks_unbuffered),
      destroy_(type.destroy),
      dispose_(dispose),
      object_{.kind = looks_unbuffered ? events::object_kind::timer : events::object_kind::channel} {}

void channel::check_bubble_slow(const char* words) const {
  if (bubble_ != bubble::current_id()) panic(words);
}

void channel::announce(events::site where) noexcept {
  if (events::observer* o = events::listening()) [[unlikely]] {
    o->on_object_created(object_, &current(), capacity_, where);
  }
}

void channel::drop_reference() noexcept {
  if (references_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (destroy_ != nullptr) {
    const spin_lock lock(mutex_);
    for (; count_ > 0; --count_) {
      void* box;
      copy(&box, slot(receive_slot_), sizeof box);
      destroy_(box);
      advance();
    }
  }
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_object_destroyed(object_);
  dispose_(this);
}

void channel::check_invariants() noexcept {
  const std::size_t count = count_;
  SNAG_CHECK(count <= capacity_, "a channel holds at most its capacity");
  if (frozen_) return;
  auto waits = [](const wait_queue& queue) {
    for (const waiter* w = queue.front(); w != nullptr; w = w->next) {
      if (w->select == nullptr || !w->select->claimed.load(std::memory_order_relaxed)) return true;
    }
    return false;
  };
  SNAG_CHECK(count == 0 || !waits(receivers_), "nobody waits for an element that is there");
  SNAG_CHECK(count == capacity_ || !waits(senders_), "nobody waits for room that is there");
  SNAG_CHECK(promised_ == nullptr, "only a frozen channel has promised something");
}

// --- Steps, under the lock ---------------------------------------------------------------------------------

// An element goes through the slot that is next for its direction.
void channel::pass(events::actor& self, direction way, events::site where) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]] {
    o->on_buffered(self, object_, way == direction::send ? send_slot() : receive_slot_, way, where);
  }
}

void channel::store(const void* element, events::actor* self, events::site where) noexcept {
  if (events::installed() != nullptr) [[unlikely]]
    pass(or_current(self), direction::send, where);
  copy(slot(send_slot()), element, element_size_);
  count_.store(count_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

// To a parked receiver, which means that the buffer is empty: logically through the slot that is next.
void channel::deliver(waiter& receiver, const void* element, events::actor* self, events::site where,
                      wake_list& woken) {
  copy(receiver.element, element, element_size_);
  if (events::observer* o = events::installed()) [[unlikely]] {
    events::actor& by = or_current(self);
    if (capacity_ == 0) {
      o->on_rendezvous(by, *receiver.who, object_, direction::send, where);
    } else {
      pass(by, direction::send, where);
      pass(*receiver.who, direction::receive, receiver.where);
    }
  }
  if (capacity_ != 0) advance();
  woken.add(receiver, wake_result::delivered);
}

channel::outcome channel::give(void* element, events::actor* self, events::site where, wake_list& woken) {
  if (closed_.load(std::memory_order_relaxed)) return outcome::closed;
  if (waiter* receiver = receivers_.pop()) {
    deliver(*receiver, element, self, where, woken);
    return outcome::done;
  }
  if (count_.load(std::memory_order_relaxed) < capacity_) {
    store(element, self, where);
    return outcome::done;
  }
  return outcome::blocked;
}

channel::outcome channel::begin_give() {
  if (closed_.load(std::memory_order_relaxed)) return outcome::closed;
  promised_ = receivers_.pop();
  if (promised_ == nullptr && count_.load(std::memory_order_relaxed) == capacity_) return outcome::blocked;
  frozen_ = true;
  return outcome::begun;
}

// There is room and perhaps somebody waits to fill it. A deferred sender fills it when it runs.
void channel::admit_sender(wake_list& woken) noexcept {
  waiter* const sender = senders_.pop();
  if (sender == nullptr) return;
  if (sender->deferred) {
    frozen_ = true;
  } else {
    store(sender->element, sender->who, sender->where);
  }
  woken.add(*sender, wake_result::delivered);
}

channel::outcome channel::take(waiter& self, wake_list& woken) {
  if (const std::size_t count = count_.load(std::memory_order_relaxed); count > 0) {
    if (events::installed() != nullptr) [[unlikely]]
      pass(current(), direction::receive, self.where);
    copy(self.element, slot(receive_slot_), element_size_);
    advance();
    count_.store(count - 1, std::memory_order_relaxed);
    admit_sender(woken);
    return outcome::done;
  }
  if (waiter* sender = senders_.pop()) {  // only a rendezvous has senders waiting at an empty buffer
    if (sender->deferred) {
      frozen_ = true;
      promised_ = &self;
      woken.add(*sender, wake_result::delivered);
      return outcome::owed;
    }
    copy(self.element, sender->element, element_size_);
    if (events::observer* o = events::installed()) [[unlikely]] {
      o->on_rendezvous(current(), *sender->who, object_, direction::receive, self.where);
    }
    woken.add(*sender, wake_result::delivered);
    return outcome::done;
  }
  if (closed_.load(std::memory_order_relaxed)) {
    if (events::observer* o = events::installed()) [[unlikely]] {
      o->on_received_closed(current(), object_, self.where);
    }
    return outcome::closed;
  }
  return outcome::blocked;
}

void channel::discard_all() noexcept {
  receive_slot_ = send_slot();
  count_.store(0, std::memory_order_relaxed);
}

void channel::tell_use(bool closing, events::site where) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_touched(current(), object_, closing, where);
}

void channel::refuse(bool closing, events::site where) {
  tell_use(closing, where);
  const char* const words = closing ? "close of closed channel" : "send on closed channel";
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_misused(current(), object_,
                  closing ? events::misuse::close_of_closed : events::misuse::send_on_closed, nullptr, words,
                  where);
  panic(words);
}

void channel::close_as(events::actor* self, events::site where, wake_list& woken) {
  events::observer* const o = events::installed();
  closed_.store(true, std::memory_order_release);
  if (o != nullptr) [[unlikely]]
    o->on_closed(or_current(self), object_, where);
  for (wait_queue* queue : {&receivers_, &senders_}) {
    while (waiter* w = queue->pop()) {
      if (o != nullptr) [[unlikely]]
        o->on_received_closed(*w->who, object_, w->where);
      woken.add(*w, wake_result::closed);
    }
  }
}

// --- Frozen ------------------------------------------------------------------------------------------------

// Nobody is told that this goroutine waits: the one it waits for runs.
void channel::park_until_thawed() noexcept {
  waiter self;
  self.who = &current();
  thawing_.push(self);
  park(mutex_, wait_reason::none);
  mutex_.lock();
}

void channel::thaw(wake_list& woken) noexcept {
  frozen_ = false;
  while (waiter* w = thawing_.pop()) {
    woken.add(*w, wake_result::retry);
  }
}

void channel::commit_send(void* element, events::site where) noexcept {
  wake_list woken;
  mutex_.lock();
  if (waiter* receiver = std::exchange(promised_, nullptr)) {
    deliver(*receiver, element, nullptr, where, woken);
  } else {
    store(element, nullptr, where);
  }
  thaw(woken);
  mutex_.unlock();
  woken.ready_all();
}

void channel::abandon_send() noexcept {
  wake_list woken;
  mutex_.lock();
  if (waiter* receiver = std::exchange(promised_, nullptr)) {
    woken.add(*receiver, wake_result::retry);
  }
  thaw(woken);
  if (count_.load(std::memory_order_relaxed) < capacity_) admit_sender(woken);
  mutex_.unlock();
  woken.ready_all();
}

// --- Operations --------------------------------------------------------------------------------------------

// Without the lock, and linearizable with close: a channel that is seen open and then not ready was both at
// once in between, because a closed channel never stops being ready (Go, runtime/chan.go, chansend,
// chanrecv).
bool channel::seems_empty() const noexcept {
  return capacity_ == 0 ? senders_.empty() : count_.load(std::memory_order_acquire) == 0;
}
bool channel::seems_full() const noexcept {
  return capacity_ == 0 ? receivers_.empty() : count_.load(std::memory_order_acquire) == capacity_;
}

// Parks in the queue of that direction, with a reference of its own: the handle it came by may go meanwhile.
void channel::wait(waiter& self, channel_direction way) noexcept {
  const bool sends = can_send(way);
  self.who = &current();
  (sends ? senders_ : receivers_).push(self);
  add_reference();
  if (self.who->in_bubble != nullptr) [[unlikely]]
    self.who->waits_inside = bubble_ == self.who->in_bubble->id();
  const wait_reason reason = sends ? wait_reason::chan_send : wait_reason::chan_receive;
  if (events::observer* o = events::listening()) [[unlikely]] {
    const events::wait_target target{&object_, sends ? wait_operation::send : wait_operation::receive};
    o->on_blocked(*self.who, reason, wait_mode::any_of, {&target, 1}, self.where);
  }
  park(mutex_, reason);
}

void channel::send(void* element, events::site where) {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_waits_for_others(current(), object_, wait_operation::send, where);
  wake_list woken;
  mutex_.lock();
  wait_until_thawed();
  const outcome now = give(element, nullptr, where, woken);
  if (now != outcome::blocked) {
    mutex_.unlock();
    if (now == outcome::closed) refuse(/*closing=*/false, where);
    return woken.ready_all();
  }
  waiter self;
  self.element = element;
  self.where = where;
  tell_use(/*closing=*/false, where);  // it may be by a close, which it then learns of
  wait(self, channel_direction::send);
  drop_reference();
  if (self.result != wake_result::delivered) panic("send on closed channel");
}

bool channel::receive(void* element, events::site where) {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_waits_for_others(current(), object_, wait_operation::receive, where);
  for (;;) {
    wake_list woken;
    waiter self;
    self.element = element;
    self.where = where;
    mutex_.lock();
    wait_until_thawed();
    const outcome now = take(self, woken);
    if (now == outcome::blocked) {
      wait(self, channel_direction::receive);
      drop_reference();
    } else if (now == outcome::owed) {
      wait_for_promise(self, woken);
    } else {
      mutex_.unlock();
      woken.ready_all();
      return now == outcome::done;
    }
    if (self.result != wake_result::retry) return self.result == wake_result::delivered;
  }
}

// The sender that take() chose is on its way.
void channel::wait_for_promise(waiter& self, wake_list& woken) noexcept {
  self.who = &current();
  add_reference();
  woken.ready_all();  // runs into the lock until this goroutine has parked
  park(mutex_, wait_reason::chan_receive);
  drop_reference();
}

bool channel::try_send(void* element, events::site where) {
  if (!closed() && seems_full()) {
    tell_use(/*closing=*/false, where);
    return false;
  }
  wake_list woken;
  spin_lock lock(mutex_);
  wait_until_thawed();
  const outcome now = give(element, nullptr, where, woken);
  lock.unlock();
  if (now == outcome::closed) refuse(/*closing=*/false, where);
  if (now == outcome::blocked) tell_use(/*closing=*/false, where);
  woken.ready_all();
  return now == outcome::done;
}

chan_status channel::try_receive(void* element, events::site where) {
  for (;;) {
    if (seems_empty()) {
      if (!closed()) return chan_status::empty;
      if (events::installed() == nullptr && seems_empty()) return chan_status::closed;
    }
    wake_list woken;
    waiter self;
    self.element = element;
    self.where = where;
    mutex_.lock();
    wait_until_thawed();
    const outcome now = take(self, woken);
    if (now == outcome::owed) {
      wait_for_promise(self, woken);
      if (self.result == wake_result::retry) continue;
      return chan_status::ok;
    }
    mutex_.unlock();
    woken.ready_all();
    if (now == outcome::blocked) return chan_status::empty;
    return now == outcome::done ? chan_status::ok : chan_status::closed;
  }
}

bool channel::begin_send() {
  if (!closed() && seems_full()) {
    tell_use(/*closing=*/false, {});
    return false;
  }
  spin_lock lock(mutex_);
  wait_until_thawed();
  const outcome now = begin_give();
  lock.unlock();
  if (now == outcome::closed) refuse(/*closing=*/false, {});
  if (now == outcome::blocked) tell_use(/*closing=*/false, {});
  return now == outcome::begun;
}

void channel::close(events::site where) {
  wake_list woken;
  spin_lock lock(mutex_);
  wait_until_thawed();
  if (closed_.load(std::memory_order_relaxed)) {
    lock.unlock();
    refuse(/*closing=*/true, where);
  }
  close_as(nullptr, where, woken);
  lock.unlock();
  woken.ready_all();
}

}  // namespace snag::detail
