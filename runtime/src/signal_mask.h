// SPDX-License-Identifier: Apache-2.0
#pragma once
// A mask of signals as the kernel has it: the first word of glibc's, whose other 120 bytes nobody writes. A
// sigset_t that is kept somewhere brings along what happened to lie on the stack, and who looks for pointers
// in memory finds it.
#include <signal.h>

#include <cstdint>
#include <cstring>

namespace snag::detail {

using signal_mask = std::uint64_t;

inline signal_mask bits_of(const sigset_t& set) noexcept {
  signal_mask bits;
  std::memcpy(&bits, &set, sizeof bits);
  return bits;
}
// The calling thread's becomes `mask`; answers what it was.
inline signal_mask exchange_signal_mask(signal_mask mask) noexcept {
  sigset_t now, before;
  sigemptyset(&now);
  std::memcpy(&now, &mask, sizeof mask);
  pthread_sigmask(SIG_SETMASK, &now, &before);
  return bits_of(before);
}
inline constexpr signal_mask all_signals = ~signal_mask{0};  // (glibc keeps its own two out)

}  // namespace snag::detail
