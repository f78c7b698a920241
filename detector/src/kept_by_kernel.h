// SPDX-License-Identifier: Apache-2.0
#pragma once
// Pointers that the kernel keeps for the program and hands back (epoll_ctl, timer_create): whoever looks for
// pointers in memory has to see them. Kept for good, each once: who takes them back is not followed.
// Thread-safe.
#include <cstdint>
#include <span>

namespace snag::detector {

void note_kept_by_kernel(std::uint64_t word) noexcept;
// pre: nobody notes one meanwhile, and as long as the answer is used.
std::span<const std::uint64_t> kept_by_kernel() noexcept;

}  // namespace snag::detector
