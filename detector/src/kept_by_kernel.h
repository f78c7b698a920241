// SPDX-License-Identifier: Apache-2.0
#pragma once
// Pointers that the kernel keeps for the program: race.h, note_kept_by_kernel. Each once; who takes them back
// is not followed.
#include <cstdint>
#include <span>

namespace snag::detector {

// pre: nobody notes one meanwhile, and as long as the answer is used.
std::span<const std::uint64_t> kept_by_kernel() noexcept;

}  // namespace snag::detector
