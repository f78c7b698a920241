// SPDX-License-Identifier: Apache-2.0
#pragma once
// From return addresses to functions, files and lines, as far as the program's debug information goes: GCC's
// libbacktrace reads it in the process. Inlined calls give a frame each. Not async-signal-safe by promise,
// but it takes no locks and maps its own memory, so it is used in dying processes. Thread-safe.
#include <cstdint>

namespace snag::detail {

struct source_frame {
  const char* function;  // demangled; null: unknown
  const char* file;      // null: unknown
  int line;
  const void* pc;
  std::uintptr_t offset;  // from the function's beginning; 0: unknown, or inlined into the next frame
};

// Calls visit for each source frame of the return address `pc`, innermost first; at least once.
void symbolize(const void* pc, void (*visit)(void*, const source_frame&), void* argument) noexcept;

}  // namespace snag::detail
