// SPDX-License-Identifier: Apache-2.0
#pragma once
// Stopping the world, for the sweep and for fork. A thread is stopped when it is outside the core:
// instrumented code only reads cells, so it may run on. Entering costs two plain stores and a load: the fence
// that this handshake needs is paid by whoever stops the world (membarrier, an asymmetric fence).
#include <atomic>
#include <cstdint>

#include "detector/src/spin_lock.h"
#include "detector/src/thread_state.h"

namespace snag::detector {

class world_state {
 public:
  void prepare() noexcept;  // once, before there are threads

  // False: this thread is inside already (a signal handler, or our own work), and has to stay out.
  bool enter(thread_state& t) noexcept {
    if ((t.inside.load(std::memory_order_relaxed) | t.internal_scopes) != 0) [[unlikely]]
      return false;
    while (!try_come_in(t)) wait_until_resumed();
    return true;
  }
  // A handler that interrupted the core runs now; a cancellation acts only where `may_unwind` says so: below
  // a hook, whose callers are the program's.
  void leave(thread_state& t, bool may_unwind = false) noexcept {
    t.inside.store(0, std::memory_order_release);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (t.deferred.any()) [[unlikely]]
      t.deferred.run(may_unwind);
  }

  // Pre: outside. Returns while the world is not stopped by another thread.
  void wait_outside() const noexcept {
    if (has(needs_fences)) [[unlikely]]
      std::atomic_thread_fence(std::memory_order_seq_cst);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    wait_until_resumed();
  }

  // Pre: the caller is inside. False: another thread stops the world now; the caller waited, and the other's
  // work is done; or a thread ends the process inside.
  bool stop(thread_state& self) noexcept;
  // A thread that is inside will not leave any more: it ends the process, and nobody shall wait for it.
  void never_stop_again() noexcept { ends_inside_.store(true, std::memory_order_relaxed); }
  void resume() noexcept;
  void count_sweep() noexcept { sweeps_.fetch_add(1, std::memory_order_release); }
  std::uint32_t sweeps() const noexcept { return sweeps_.load(std::memory_order_acquire); }

 private:
  bool try_come_in(thread_state& t) noexcept {
    t.inside.store(1, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    return state_.load(std::memory_order_acquire) == 0 || come_in_with_care(t);
  }
  bool come_in_with_care(thread_state&) noexcept;
  bool has(std::uint8_t bit) const noexcept { return (state_.load(std::memory_order_acquire) & bit) != 0; }
  void wait_until_resumed() const noexcept;

  std::atomic<bool> ends_inside_{false};
  static constexpr std::uint8_t stopping = 1, needs_fences = 2;  // the kernel has no membarrier
  std::atomic<std::uint8_t> state_{0};
  std::atomic<std::uint32_t> sweeps_{0};
};

extern world_state world;

// Marks the thread as inside the core for a scope, if it may enter.
class core_scope {
 public:
  explicit core_scope(thread_state& t) noexcept : t_(t), entered_(world.enter(t)) {}
  ~core_scope() {
    if (entered_) world.leave(t_);
  }
  core_scope(const core_scope&) = delete;
  explicit operator bool() const noexcept { return entered_; }

 private:
  thread_state& t_;
  const bool entered_;
};

}  // namespace snag::detector
