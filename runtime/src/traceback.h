// SPDX-License-Identifier: Apache-2.0
#pragma once
// How much a program that dies prints (SNAG_OPTIONS: traceback, crash_output). The levels are Go's
// GOTRACEBACK. Read once, before main.
#include <cstdint>

namespace snag::detail {

enum class traceback_level : std::uint8_t {
  none,    // the message alone
  single,  // and the goroutine that died; every one after a deadlock, a stack overflow or go of nil
  all,     // and every goroutine
  system,  // and the runtime's own frames
  crash,   // and then abort(), for a core dump
};

// Looks at the options (a wrong value ends the program, status 64) and opens the file of `crash_output`.
void prepare_traceback() noexcept;

traceback_level wanted_traceback() noexcept;
int crash_output() noexcept;  // a descriptor that gets a copy of what the dying program prints; -1: none

}  // namespace snag::detail
