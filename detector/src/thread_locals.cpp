// SPDX-License-Identifier: Apache-2.0
#include "detector/src/thread_locals.h"

#include <link.h>

#include <algorithm>

namespace snag::detector {

void visit_thread_locals(void (*visit)(void*, std::uint64_t, std::uint64_t), void* argument) noexcept {
  struct visitor {
    void (*visit)(void*, std::uint64_t, std::uint64_t);
    void* argument;
  } v{visit, argument};
  dl_iterate_phdr(
      [](dl_phdr_info* module, std::size_t, void* data) {
        if (module->dlpi_tls_data == nullptr) return 0;
        const visitor& told = *static_cast<visitor*>(data);
        const auto low = reinterpret_cast<std::uint64_t>(module->dlpi_tls_data);
        for (unsigned i = 0; i < module->dlpi_phnum; ++i)
          if (module->dlpi_phdr[i].p_type == PT_TLS)
            told.visit(told.argument, low, low + module->dlpi_phdr[i].p_memsz);
        return 0;
      },
      &v);
}

std::size_t static_tls_size() noexcept {
  struct {
    std::uint64_t pointer = reinterpret_cast<std::uint64_t>(__builtin_thread_pointer());
    std::size_t size = 0;
  } found;
  visit_thread_locals(
      [](void* argument, std::uint64_t low, std::uint64_t) {
        auto& f = *static_cast<decltype(found)*>(argument);
        if (low < f.pointer) f.size = std::max<std::size_t>(f.size, f.pointer - low);
      },
      &found);
  return found.size;
}

bool in_thread_locals(std::uint64_t address) noexcept {
  struct {
    std::uint64_t address;
    bool found = false;
  } asked{address};
  visit_thread_locals(
      [](void* argument, std::uint64_t low, std::uint64_t high) {
        auto& a = *static_cast<decltype(asked)*>(argument);
        a.found |= a.address >= low && a.address < high;
      },
      &asked);
  return asked.found;
}

}  // namespace snag::detector
