// SPDX-License-Identifier: Apache-2.0
#include "detector/src/world.h"

#include <linux/membarrier.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace snag::detector {

constinit world_state world;

void world_state::prepare() noexcept {
  const int saved = errno;
  if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) != 0) state_ |= needs_fences;
  errno = saved;
}

void world_state::wait_until_resumed() const noexcept {
  while (has(stopping)) sched_yield();
}

bool world_state::come_in_with_care(thread_state& t) noexcept {
  if (has(needs_fences)) std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!has(stopping)) return true;
  t.inside.store(0, std::memory_order_release);
  return false;
}

bool world_state::stop(thread_state& self) noexcept {
  if ((state_.fetch_or(stopping, std::memory_order_seq_cst) & stopping) != 0) {
    // The other waits for us to leave.
    self.inside.store(0, std::memory_order_release);
    do {
      wait_until_resumed();
    } while (!try_come_in(self));
    return false;
  }
  if (has(needs_fences)) {
    std::atomic_thread_fence(std::memory_order_seq_cst);
  } else {
    const int saved = errno;
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
    errno = saved;
  }
  const auto ends_inside = [&] { return ends_inside_.load(std::memory_order_relaxed); };
  for_each_thread([&](thread_state& t) {
    if (&t == &self) return;
    while (t.inside.load(std::memory_order_acquire) != 0 && !ends_inside()) sched_yield();
  });
  if (!ends_inside()) return true;
  resume();
  return false;
}

void world_state::resume() noexcept {
  state_.fetch_and(static_cast<std::uint8_t>(~stopping), std::memory_order_release);
}

}  // namespace snag::detector
