// SPDX-License-Identifier: Apache-2.0
#pragma once
// A bubble: goroutines under test with a clock of their own, on the ordinary scheduler.
//
//   bubble([] {
//     auto [ctx, cancel] = with_timeout(context::background(), 1h);
//     bool told = false;
//     context_after_func(ctx, [&] { told = true; });
//     sleep_for(1h);      // takes no time
//     bubble_wait();      // the others have done what they can
//     assert(told);
//   });
//
// A goroutine started inside belongs to the bubble. Its clock starts at a fixed time and stands still until
// all of its goroutines are durably blocked: asleep, on channels, selects, semaphores and wait_groups made in
// the bubble, on a condition_variable, or on a mutex or a once whose owner is in the bubble; then it jumps to
// the next timer.
// Channels and timers made in a bubble are for its goroutines alone: others panic. Semantics: Go, package
// testing/synctest, where a wait for a mutex is never durable: its mutexes have no owner.
#include <type_traits>
#include <utility>

namespace snag {

namespace detail {
void run_bubble(void (*run)(void*), void* closure);
void wait_in_bubble();
}  // namespace detail

// Runs f as the first goroutine of a bubble and returns once all of its goroutines have ended. Panics if
// those left can never go on: "deadlock: all goroutines in bubble are blocked". Not from within a bubble.
template <class F>
void bubble(F&& f) {
  static_assert(std::is_invocable_v<F>, "snag::bubble: the function is called without arguments");
  auto body = [&f] { std::forward<F>(f)(); };  // f may be a plain function
  detail::run_bubble([](void* closure) { (*static_cast<decltype(body)*>(closure))(); }, &body);
}

// Until every other goroutine of the caller's bubble is durably blocked. What they did happens before the
// return.
inline void bubble_wait() { detail::wait_in_bubble(); }

}  // namespace snag
