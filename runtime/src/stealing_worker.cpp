// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/stealing_worker.h"

#include <algorithm>

#include <x86intrin.h>

#include "runtime/src/futex.h"
#include "runtime/src/work_stealing.h"

namespace snag::detail {

stealing_worker::stealing_worker(work_stealing& home, std::uint32_t i) noexcept
    : worker(home, /*steals=*/true), index(i), random(__rdtsc() + i) {}

work_stealing& stealing_worker::steals_for() const noexcept { return static_cast<work_stealing&>(home()); }

void stealing_worker::push(goroutine& g) noexcept {
  if (steals_for().migrates()) [[unlikely]] {
    g.queue_next = nullptr;
    return steals_for().push_global(&g, &g, 1);
  }
  while (!queue.push(g)) {
    std::uint32_t count;
    goroutine* half = queue.pop_half(count);
    if (half == nullptr) continue;  // thieves made room
    goroutine* last = half;
    while (last->queue_next != nullptr) last = last->queue_next;
    last->queue_next = &g;
    g.queue_next = nullptr;
    return steals_for().push_global(half, &g, count + 1);
  }
}

bool stealing_worker::timer_due() noexcept {
  const nanoseconds next = timers.next();
  if (next == timer_heap::never) return false;
  constexpr std::uint64_t look_every = 16'384;  // cycles: 4 to 8 us
  const std::uint64_t tsc = __rdtsc();
  if (tsc - last_clock_look_ < look_every) return false;
  last_clock_look_ = tsc;
  return next <= now_real();
}

bool stealing_worker::stays_awake_alone() noexcept {
  using enum events::wait_reason;
  if (left_for == mutex_lock || left_for == shared_mutex_lock || left_for == shared_mutex_rlock) return false;
  if (sleeps_at_once == 0) return true;
  --sleeps_at_once;
  return false;
}

void stealing_worker::stayed_awake_alone(bool found) noexcept {
  constexpr std::uint32_t most = 63;
  next_sleeps_at_once = found ? 0 : std::min(2 * next_sleeps_at_once + 1, most);
  sleeps_at_once = next_sleeps_at_once;
}

goroutine* stealing_worker::next_here() noexcept {
  work_stealing& home = steals_for();
  if (home.must_stop(*this)) [[unlikely]]
    return nullptr;
  if (++next_tick % work_stealing::global_every == 0) [[unlikely]] {
    if (home.any_timer_due()) return nullptr;
    if (goroutine* g = home.pop_global(*this, 1)) return g;
  }
  if (timer_due()) [[unlikely]]
    return nullptr;
  if (slice_left_ > 0) {
    if (goroutine* g = queue.pop_next()) {
      --slice_left_;
      return g;
    }
  } else if (goroutine* g = queue.pop_next()) {
    push(*g);
  }
  slice_left_ = slice;
  if (goroutine* g = queue.pop()) return g;
  return home.pop_global(*this, run_queue::capacity / 2);
}

}  // namespace snag::detail
