// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which locks live as long as the program: those among its global variables. Nothing ends them, so locking
// them need not be checked, unless a call makes them while the program runs. Thread-safe.
#include <cstdint>

namespace snag::detector {

bool is_global(std::uint64_t address) noexcept;  // of the executable
bool is_made_once(std::uint64_t lock) noexcept;  // global, and there before anybody could lock it
void note_made(std::uint64_t lock) noexcept;     // by a call, now

}  // namespace snag::detector
