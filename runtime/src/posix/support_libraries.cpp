// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/posix/support_libraries.h"

#include <link.h>

#include <atomic>
#include <cstdint>
#include <cstring>

namespace snag::detail {
namespace {

struct code_range {
  std::atomic<std::uintptr_t> begin{0}, size{0};
  bool contains(const void* pc) const noexcept {
    return reinterpret_cast<std::uintptr_t>(pc) - begin.load(std::memory_order_relaxed) <
           size.load(std::memory_order_relaxed);
  }
};
constinit code_range libgcc, libstdcxx, libatomic;
constinit std::atomic<bool> found{false};

int find(dl_phdr_info* info, std::size_t, void*) {
  const char* const name = info->dlpi_name;
  if (name == nullptr) return 0;
  code_range* const range = std::strstr(name, "/libgcc_s.so") != nullptr    ? &libgcc
                            : std::strstr(name, "/libstdc++.so") != nullptr ? &libstdcxx
                            : std::strstr(name, "/libatomic.so") != nullptr ? &libatomic
                                                                            : nullptr;
  for (unsigned i = 0; range != nullptr && i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& p = info->dlpi_phdr[i];
    if (p.p_type != PT_LOAD || (p.p_flags & PF_X) == 0) continue;
    range->begin.store(info->dlpi_addr + p.p_vaddr, std::memory_order_relaxed);
    range->size.store(p.p_memsz, std::memory_order_relaxed);
  }
  return 0;
}

// All three are there from the start, or not needed.
void find_all() noexcept {
  if (found.load(std::memory_order_acquire)) [[likely]]
    return;
  dl_iterate_phdr(find, nullptr);
  found.store(true, std::memory_order_release);
}

}  // namespace

bool initialises_itself(const void* caller) noexcept {
  find_all();
  return libgcc.contains(caller) || libstdcxx.contains(caller);
}

bool stands_in_for_atomics(const void* caller) noexcept {
  find_all();
  return libatomic.contains(caller);
}

}  // namespace snag::detail
