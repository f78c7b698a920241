// SPDX-License-Identifier: Apache-2.0
#pragma once
// Signals that interrupt the detector. A handler that ran there would have its accesses skipped, could not
// learn what its signal orders, and might leave by a jump or a cancellation with our locks held. So it runs
// when the thread comes out, at most a few microseconds later (a report: milliseconds), as if the signal had
// come then. Until then the kernel holds back what the handler would: signals that come meanwhile are
// delivered in the same order, and none is lost. Of the calling thread; async-signal-safe.
#include <signal.h>
#include <ucontext.h>

#include <atomic>
#include <cstdint>

#include "detector/src/race.h"

namespace snag::detector {

struct deferred_signal {
  signal_handler handler;
  signal_bits blocked;  // while it runs
  bool unwinds;         // a cancellation: it ends the frames that it runs on
  siginfo_t info;
  ucontext_t context;  // of what it interrupted; uc_sigmask is what its return restores
};

class deferred_signals {
 public:
  void prepare() noexcept;  // before the thread can be inside
  bool any() const noexcept { return count_.load(std::memory_order_relaxed) != 0; }
  // In a handler. The context's mask is changed to what the handler blocks.
  void put(const deferred_signal&, ucontext_t& interrupted) noexcept;
  // Outside the core. The latest first, as if it had interrupted the others' first instructions.
  // `may_unwind`: the frames up to the program's code let a cancellation through.
  void run(bool may_unwind);
  void forget_after_fork() noexcept;  // pending signals are not inherited

 private:
  static constexpr std::uint32_t capacity = 4;  // the last one in blocks all others
  std::atomic<std::uint32_t> count_{0};
  deferred_signal* waiting_ = nullptr;
};

}  // namespace snag::detector
