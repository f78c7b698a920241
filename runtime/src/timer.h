// SPDX-License-Identifier: Apache-2.0
#pragma once
// What timer, ticker, after and after_func are made of. Two kinds, one face: a channel_timer sends the time
// on its channel, of which it is a part; a function_timer starts a goroutine. Thread-safe.
//
// Each start of the underlying node ends in exactly one of two ways: it is stopped, or it fires. A firing
// that comes too late to be stopped is made void: `void_firings_` says how many of those are on their way,
// and whichever arrives first does nothing.
#include <atomic>
#include <cstdint>

#include "runtime/src/channel.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"

namespace snag::detail {

class timer_core : protected timer_node {
 public:
  virtual void gain() noexcept = 0;
  virtual void lose() noexcept = 0;
  virtual bool stop() = 0;
  virtual bool reset(nanoseconds first, nanoseconds period, events::site) = 0;
  void check_bubble(const char* words) const;  // panics in the words of Go outside the timer's bubble

 protected:
  timer_core() noexcept {
    actor_.kind = events::actor_kind::timer;
    in_bubble = current_bubble();
  }
  ~timer_core() = default;

  // All under the lock of the derived timer.
  void arm(nanoseconds from_now, nanoseconds period, events::site);
  bool disarm() noexcept;                            // true: it was armed and will do nothing
  bool begin_firing() noexcept;                      // false: void
  void forget_arming() noexcept { armed_ = false; }  // its heap has dropped it
  void rearm() noexcept;                             // after a firing, if it is periodic
  void tell_ended() noexcept;

  events::actor actor_;  // in whose name it sends or starts: it carries the clock of whoever armed it
  const void* armed_at_ = nullptr;
  bool was_void_ = false;  // of the last disarm: its firing is under way

 private:
  bool armed_ = false;
  std::uint32_t void_firings_ = 0;
  nanoseconds period_{0};  // 0: once
};

class channel_timer final : public timer_core, public channel {
 public:
  static channel_timer* make(nanoseconds first, nanoseconds period, events::site);

  void gain() noexcept override { add_reference(); }
  void lose() noexcept override { drop_reference(); }
  bool stop() override;
  bool reset(nanoseconds first, nanoseconds period, events::site) override;

 private:
  channel_timer() noexcept;
  ~channel_timer() = default;
  static void dispose_of(channel*) noexcept;
  static void on_fired(timer_node&) noexcept;

  alignas(std::int64_t) std::byte slot_[sizeof(std::int64_t)];
};

class function_timer final : public timer_core {
 public:
  function_timer(void (*run)(void*), void (*destroy)(void*) noexcept, void* closure) noexcept;

  void gain() noexcept override { references_.fetch_add(1, std::memory_order_relaxed); }
  void lose() noexcept override;
  bool stop() override;
  bool reset(nanoseconds first, nanoseconds period, events::site) override;

 private:
  ~function_timer() { destroy_(closure_); }
  bool disarm_and_wait() noexcept;
  static void on_fired(timer_node&) noexcept;
  static void on_dropped(timer_node&) noexcept;
  static void run_function(void* self);

  std::atomic<std::uint32_t> references_{1};  // handles, the pending firing, goroutines that run the function
  spin_mutex guard_;                          // before scheduler queues: on_fired spawns under it
  void (*const run_)(void*);
  void (*const destroy_)(void*) noexcept;
  void* const closure_;
};

void sleep_at(nanoseconds, events::site);  // for so long, told of as at that place

}  // namespace snag::detail
