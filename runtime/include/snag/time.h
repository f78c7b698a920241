// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sleeping and timers, by snag::clock: monotonic, and virtual in a seeded run. A duration of any unit; what
// is too long saturates.
//
// The channel of a timer or ticker looks unbuffered, and after stop() or reset() returns nothing stale can be
// received from it. A channel and its timer keep each other alive; with the last handle to both gone the
// timer is stopped. Semantics: Go, package time, from 1.23 on. Thread-safe, but for assigning one handle.
#include <chrono>
#include <exception>
#include <type_traits>
#include <utility>

#include "snag/chan.h"
#include "snag/clock.h"
#include "snag/detail/duration.h"
#include "snag/detail/inline.h"
#include "snag/go.h"

namespace snag {

using time_point = clock::time_point;

namespace detail {

class timer_core;
using fired = recv_chan<time_point>;

void sleep(std::chrono::nanoseconds);
// One reference for the caller. `period`: zero for a timer that fires once.
timer_core* make_channel_timer(std::chrono::nanoseconds first, std::chrono::nanoseconds period,
                               fired& channel);
timer_core* make_function_timer(std::chrono::nanoseconds first, void (*run)(void*),
                                void (*destroy)(void*) noexcept, void* closure);
void gain_timer(timer_core*) noexcept;
void lose_timer(timer_core*) noexcept;
bool stop_timer(timer_core*);
bool reset_timer(timer_core*, std::chrono::nanoseconds first, std::chrono::nanoseconds period);
[[noreturn]] void panic_with(const char* words);

// What timer and ticker share: the handle.
class timer_handle {
 public:
  timer_handle() noexcept = default;
  explicit timer_handle(timer_core* adopted) noexcept : core_(adopted) {}
  timer_handle(const timer_handle& other) noexcept : core_(other.core_) { gain_timer(core_); }
  timer_handle(timer_handle&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
  timer_handle& operator=(timer_handle other) noexcept {
    std::swap(core_, other.core_);
    return *this;
  }
  ~timer_handle() { lose_timer(core_); }

  SNAG_USER_ACCESS timer_core* core() const noexcept { return core_; }
  timer_core* core_or_panic(const char* words) const {
    if (core() == nullptr) panic_with(words);
    return core();
  }

 private:
  timer_core* core_ = nullptr;
};

}  // namespace detail

// d <= 0 returns at once.
template <class Rep, class Period>
SNAG_INLINE void sleep_for(std::chrono::duration<Rep, Period> d) {
  detail::sleep(detail::to_nanoseconds(d));
}
template <class Clock, class Duration>
SNAG_INLINE void sleep_until(std::chrono::time_point<Clock, Duration> t) {
  detail::sleep(detail::until(t));
}

// Fires once: sends the time on c(), or runs its function. A handle; copies are the same timer.
class timer {
 public:
  timer() noexcept = default;  // none yet: stop and reset panic
  template <class Rep, class Period>
  SNAG_INLINE explicit timer(std::chrono::duration<Rep, Period> d) {
    handle_ = detail::timer_handle(detail::make_channel_timer(detail::to_nanoseconds(d), {}, channel_));
  }

  const recv_chan<time_point>& c() const noexcept { return channel_; }  // nil for a function's timer
  // True if it was still to come: then it will not fire, and nothing it sent can be received any more. A
  // function that was started is not waited for.
  SNAG_INLINE bool stop() const {
    return detail::stop_timer(handle_.core_or_panic("time: Stop called on uninitialized Timer"));
  }
  // Stops it and lets it fire d from now.
  template <class Rep, class Period>
  SNAG_INLINE bool reset(std::chrono::duration<Rep, Period> d) const {
    return detail::reset_timer(handle_.core_or_panic("time: Reset called on uninitialized Timer"),
                               detail::to_nanoseconds(d), {});
  }

 private:
  template <class Rep, class Period, class F>
  friend timer after_func(std::chrono::duration<Rep, Period> d, F&& f);
  detail::timer_handle handle_;
  recv_chan<time_point> channel_ = nullptr;
};

// Fires every period; a tick that nobody has taken when the next is due is not sent twice.
class [[nodiscard]] ticker {
 public:
  ticker() noexcept = default;  // none yet: reset panics
  template <class Rep, class Period>
  SNAG_INLINE explicit ticker(std::chrono::duration<Rep, Period> period) {
    const auto d = detail::to_nanoseconds(period);
    if (d.count() <= 0) detail::panic_with("non-positive interval for NewTicker");
    handle_ = detail::timer_handle(detail::make_channel_timer(d, d, channel_));
  }

  const recv_chan<time_point>& c() const noexcept { return channel_; }
  SNAG_INLINE void stop() const {  // does not close c()
    if (handle_.core() != nullptr) detail::stop_timer(handle_.core());
  }
  template <class Rep, class Period>
  SNAG_INLINE void reset(std::chrono::duration<Rep, Period> period) const {
    const auto d = detail::to_nanoseconds(period);
    if (d.count() <= 0) detail::panic_with("non-positive interval for Ticker.Reset");
    detail::reset_timer(handle_.core_or_panic("time: Reset called on uninitialized Ticker"), d, d);
  }

 private:
  detail::timer_handle handle_;
  recv_chan<time_point> channel_ = nullptr;
};

template <class Rep, class Period>
[[nodiscard]] SNAG_INLINE recv_chan<time_point> after(std::chrono::duration<Rep, Period> d) {
  recv_chan<time_point> channel = nullptr;
  const detail::timer_handle fires(detail::make_channel_timer(detail::to_nanoseconds(d), {}, channel));
  return channel;
}
template <class Rep, class Period>
[[nodiscard]] SNAG_INLINE recv_chan<time_point> tick(
    std::chrono::duration<Rep, Period> period) {  // nil if period <= 0
  const auto d = detail::to_nanoseconds(period);
  recv_chan<time_point> channel = nullptr;
  if (d.count() > 0) const detail::timer_handle ticks(detail::make_channel_timer(d, d, channel));
  return channel;
}

// Runs f() in a goroutine of its own, d from now. The timer stays armed when its handle goes; reset() arms it
// again.
template <class Rep, class Period, class F>
SNAG_INLINE timer after_func(std::chrono::duration<Rep, Period> d, F&& f) {
  using function = std::decay_t<F>;
  static_assert(std::is_invocable_v<function&>, "snag::after_func: the function is called without arguments");
  if (detail::is_nil<function>(f)) detail::go_of_nil();
  timer made;
  made.handle_ = detail::timer_handle(detail::make_function_timer(
      detail::to_nanoseconds(d), [](void* closure) { (*static_cast<function*>(closure))(); },
      [](void* closure) noexcept { delete static_cast<function*>(closure); },
      new function(std::forward<F>(f))));
  return made;
}

}  // namespace snag
