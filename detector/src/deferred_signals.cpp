// SPDX-License-Identifier: Apache-2.0
#include "detector/src/deferred_signals.h"

#include <cstddef>
#include <cstring>

#include "detector/src/internal_memory.h"
#include "detector/src/raw_signals.h"
#include "detector/src/thread_state.h"

namespace snag::detector {
namespace {

void set_bits(sigset_t& mask, signal_bits bits) noexcept { std::memcpy(&mask, &bits, sizeof bits); }

}  // namespace

signal_bits bits_of(const sigset_t& mask) noexcept {
  signal_bits bits;
  std::memcpy(&bits, &mask, sizeof bits);
  return bits;
}

void deferred_signals::prepare() noexcept {
  if (!waiting_) waiting_ = internal_allocator<deferred_signal>().allocate(capacity);
}

void deferred_signals::put(const deferred_signal& s, ucontext_t& interrupted) noexcept {
  const std::uint32_t n = count_.load(std::memory_order_relaxed);
  waiting_[n] = s;
  count_.store(n + 1, std::memory_order_relaxed);
  set_bits(interrupted.uc_sigmask,
           n + 1 == capacity ? all_signals : bits_of(interrupted.uc_sigmask) | s.blocked);
}

void deferred_signals::run(bool may_unwind) {
  while (any()) {
    const signal_bits now = exchange_signal_mask(all_signals);  // nobody else takes or puts one
    const std::uint32_t n = count_.load(std::memory_order_relaxed);
    if (n == 0 || (waiting_[n - 1].unwinds && !may_unwind)) {
      exchange_signal_mask(now);
      return;
    }
    deferred_signal s = waiting_[n - 1];
    count_.store(n - 1, std::memory_order_relaxed);
    exchange_signal_mask(bits_of(s.context.uc_sigmask) | s.blocked);
    s.handler(s.info.si_signo, &s.info, &s.context);
    exchange_signal_mask(bits_of(s.context.uc_sigmask));
  }
}

void deferred_signals::forget_after_fork() noexcept {
  if (any()) exchange_signal_mask(bits_of(waiting_[0].context.uc_sigmask));
  count_.store(0, std::memory_order_relaxed);
}

bool defer_signal(int number, const siginfo_t& info, void* context, std::uint64_t blocked,
                  signal_handler handler, bool unwinds) noexcept {
  thread_state& t = this_thread();
  if ((t.inside.load(std::memory_order_relaxed) | t.internal_scopes) == 0) return false;
  auto& interrupted = *static_cast<ucontext_t*>(context);
  deferred_signal s{handler, blocked | bit_of(number), unwinds, info, {}};
  // The kernel's part: libc's structure is longer than what lies on the stack.
  std::memcpy(&s.context, &interrupted, offsetof(ucontext_t, uc_sigmask) + sizeof(signal_bits));
  s.context.uc_mcontext.fpregs = nullptr;
  t.deferred.put(s, interrupted);
  return true;
}

}  // namespace snag::detector
