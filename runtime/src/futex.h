// SPDX-License-Identifier: Apache-2.0
#pragma once
// The kernel's wait queues, private to the process. Spurious returns are the caller's to handle.
#include <atomic>
#include <chrono>
#include <cstdint>

namespace snag::detail {

// Sleeps while the word holds `expected`, until `deadline` on now_real()'s clock (max: for ever). False:
// timed out.
bool futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::chrono::nanoseconds deadline) noexcept;
void futex_wake(std::atomic<std::uint32_t>& word, int count) noexcept;

// What libc's syscall() does, which is ours (posix/system_call.cpp) and tells of waits.
long system_call(long number, long a, long b, long c, long d, long e, long f) noexcept;

// CLOCK_MONOTONIC.
std::chrono::nanoseconds now_real() noexcept;

}  // namespace snag::detail
