// SPDX-License-Identifier: Apache-2.0
#pragma once
// The untyped channel. chan<T> in snag/chan.h is its typed face; the split keeps this bookkeeping out of
// instrumented translation units. Semantics: Go specification, "Channel types", "Send statements"; Go memory
// model, "Channel communication". Thread-safe.
//
// A transfer happens under the lock: an element goes straight from the sender's temporary to that of a parked
// receiver, or through the buffer. When an element must not be touched before it is certain that it goes
// (try_send and select, of types that are not plain bytes), the sender is chosen first and the channel is
// *frozen* until that sender, outside the lock, has made the element and committed it: everybody else waits,
// so the state that the choice was based on still holds. Rejected: to move the element under the lock (user
// code would run under a spin lock), or to put a promise into the buffer (a promise that throws leaves a hole
// in the middle).
#include <atomic>
#include <cstddef>

#include "runtime/events.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"
#include "runtime/src/wait_queue.h"
#include "snag/detail/channel.h"

namespace snag::detail {

class channel {
 public:
  static channel* make(std::size_t capacity, const element_type&, events::site);

  void add_reference() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void drop_reference() noexcept;

  // --- The operations of snag/detail/channel.h.
  void send(void* element, events::site);
  bool receive(void* element, events::site);
  bool try_send(void* element, events::site);
  chan_status try_receive(void* element, events::site);
  bool begin_send();
  void commit_send(void* element, events::site) noexcept;
  void abandon_send() noexcept;
  void close(events::site);
  // A send or another close on the closed channel: panics.
  [[noreturn]] void refuse(bool closing, events::site);
  std::size_t length() const noexcept { return looks_unbuffered_ ? 0 : buffered(); }
  std::size_t capacity() const noexcept { return looks_unbuffered_ ? 0 : capacity_; }
  events::object& object() noexcept { return object_; }
  std::uint64_t bubble() const noexcept { return bubble_; }  // 0: of none
  // Panics in these words if it belongs to a bubble and the caller does not.
  void check_bubble(const char* words) const {
    if (bubble_ != 0) [[unlikely]]
      check_bubble_slow(words);
  }

  // --- For select, which holds the locks of several channels, and timers, which act in their own name.
  enum class outcome : std::uint8_t {
    blocked,  // nothing happened
    done,     // transferred
    closed,
    owed,   // receive: a deferred sender was chosen; the caller parks as the one it delivers to
    begun,  // deferred send: the channel is frozen for the caller
  };
  outcome give(void* element, events::actor* self, events::site, wake_list&) SNAG_REQUIRES(mutex_);
  outcome begin_give() SNAG_REQUIRES(mutex_);
  outcome take(waiter& self, wake_list&) SNAG_REQUIRES(mutex_);  // self.who: only if the outcome is owed
  void discard_all() noexcept SNAG_REQUIRES(mutex_);             // elements are bytes
  void tell_use(bool closing, events::site) noexcept;
  void close_as(events::actor* self, events::site, wake_list&) SNAG_REQUIRES(mutex_);
  bool closed() const noexcept { return closed_.load(std::memory_order_acquire); }
  bool frozen() const noexcept SNAG_REQUIRES(mutex_) { return frozen_; }
  wait_queue& queue(channel_direction d) noexcept SNAG_REQUIRES(mutex_) {
    return can_send(d) ? senders_ : receivers_;
  }
  void lock() noexcept SNAG_ACQUIRE(mutex_) { mutex_.lock(); }
  void unlock() noexcept SNAG_RELEASE(mutex_) { mutex_.unlock(); }
  void park_locked(wait_reason reason) noexcept SNAG_RELEASE(mutex_) { park(mutex_, reason); }
  void wait_until_thawed() noexcept SNAG_REQUIRES(mutex_) {
    while (frozen_) [[unlikely]]
      park_until_thawed();
  }
  void check_invariants() noexcept SNAG_REQUIRES(mutex_);

 protected:
  channel(std::size_t capacity, const element_type&, std::byte* buffer, void (*dispose)(channel*) noexcept,
          bool looks_unbuffered) noexcept;
  std::size_t buffered() const noexcept { return count_.load(std::memory_order_relaxed); }
  ~channel() = default;

  void announce(events::site) noexcept;  // on_object_created

  spin_mutex mutex_;  // leaf lock, but for timer heaps

 private:
  friend struct channel_memory;

  void check_bubble_slow(const char* words) const;
  bool seems_empty() const noexcept;
  bool seems_full() const noexcept;
  void park_until_thawed() noexcept SNAG_REQUIRES(mutex_);
  void thaw(wake_list&) noexcept SNAG_REQUIRES(mutex_);
  void deliver(waiter& receiver, const void* element, events::actor* self, events::site, wake_list&)
      SNAG_REQUIRES(mutex_);
  void store(const void* element, events::actor* self, events::site) noexcept SNAG_REQUIRES(mutex_);
  void pass(events::actor& self, events::direction, events::site) noexcept SNAG_REQUIRES(mutex_);
  void wait_for_promise(waiter& self, wake_list&) noexcept SNAG_RELEASE(mutex_);
  void wait(waiter& self, channel_direction) noexcept SNAG_RELEASE(mutex_);
  void admit_sender(wake_list&) noexcept SNAG_REQUIRES(mutex_);
  std::byte* slot(std::size_t i) const noexcept { return buffer_ + i * element_size_; }

  // Where the next send goes: the buffer is a ring of count_ elements from receive_slot_ on.
  std::size_t send_slot() const noexcept SNAG_REQUIRES(mutex_) {
    const std::size_t after = receive_slot_ + buffered();
    return after < capacity_ ? after : after - capacity_;
  }
  void advance() noexcept SNAG_REQUIRES(mutex_) {
    receive_slot_ = receive_slot_ + 1 == capacity_ ? 0 : receive_slot_ + 1;
  }

  // What every operation writes is within 64 bytes, with the lock: workers that contend for a channel pass it
  // to and fro.
  //
  // Whenever mutex_ is free and the channel is not frozen:
  //   count_ > 0          implies that no receiver waits,
  //   count_ < capacity_  implies that no sender waits,
  //   both wait at once only inside one select on both directions.
  // (Selects that another channel has claimed do not count as waiting.)
  std::atomic<bool> closed_{false};  // written under mutex_, once
  bool frozen_ SNAG_GUARDED_BY(mutex_) = false;
  std::atomic<std::size_t> count_{0};                     // written under mutex_; read by anybody
  std::size_t receive_slot_ SNAG_GUARDED_BY(mutex_) = 0;  // of the next receive
  std::atomic<std::size_t> references_{1};                // handles, and goroutines parked here
  wait_queue senders_;                                    // changed under mutex_
  wait_queue receivers_;                                  // changed under mutex_

  const std::size_t capacity_;      // elements; 0: rendezvous
  const std::size_t element_size_;  // bytes
  std::byte* const buffer_;
  const std::uint64_t bubble_;             // that it was made in
  const bool looks_unbuffered_;            // a timer's: users see length and capacity 0
  void (*const destroy_)(void*) noexcept;  // a box left behind; null: elements are bytes
  void (*const dispose_)(channel*) noexcept;
  events::object object_;
  waiter* promised_ SNAG_GUARDED_BY(mutex_) = nullptr;  // frozen: the receiver it is for; null: the buffer
  wait_queue thawing_ SNAG_GUARDED_BY(mutex_);
};

}  // namespace snag::detail
