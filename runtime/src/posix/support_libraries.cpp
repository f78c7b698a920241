// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/posix/support_libraries.h"

#include <link.h>

#include <atomic>
#include <cstdint>
#include <string_view>

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

// Not strstr: a detector may stand before that, and have to wait, while libc's lock of the modules is held.
bool is(const char* path, std::string_view library) noexcept {
  for (; *path != '\0'; ++path) {
    std::size_t same = 0;
    while (same < library.size() && path[same] == library[same]) ++same;
    if (same == library.size()) return true;
  }
  return false;
}

int find(dl_phdr_info* info, std::size_t, void*) {
  const char* const name = info->dlpi_name;
  if (name == nullptr) return 0;
  code_range* const range = is(name, "/libgcc_s.so")    ? &libgcc
                            : is(name, "/libstdc++.so") ? &libstdcxx
                            : is(name, "/libatomic.so") ? &libatomic
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
