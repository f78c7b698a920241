// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which global variable an address lies in, from the symbol tables (.symtab, else .dynsym) of the executable
// and its shared libraries. Reads the module's file, a few milliseconds for a large one; reports only.
// Thread-safe.
#include <cstdint>

#include "detector/src/internal_memory.h"

namespace snag::detector {

struct global_symbol {
  string name;    // demangled
  string module;  // file name without folders
  std::uint64_t base = 0, size = 0;
};

bool find_global(const void* address, global_symbol& out);

}  // namespace snag::detector
