// SPDX-License-Identifier: Apache-2.0
#include "detector/src/thread_locals.h"

#include <link.h>

#include <algorithm>

namespace snag::detector {
namespace {

template <class Visit>
void for_each_tls_block(Visit&& visit) noexcept {
  dl_iterate_phdr(
      [](dl_phdr_info* module, std::size_t, void* argument) {
        if (module->dlpi_tls_data == nullptr) return 0;
        const auto low = reinterpret_cast<std::uint64_t>(module->dlpi_tls_data);
        for (unsigned i = 0; i < module->dlpi_phnum; ++i)
          if (module->dlpi_phdr[i].p_type == PT_TLS)
            (*static_cast<Visit*>(argument))(low, low + module->dlpi_phdr[i].p_memsz);
        return 0;
      },
      &visit);
}

}  // namespace

std::size_t static_tls_size() noexcept {
  const auto pointer = reinterpret_cast<std::uint64_t>(__builtin_thread_pointer());
  std::size_t size = 0;
  for_each_tls_block([&](std::uint64_t low, std::uint64_t) {
    if (low < pointer) size = std::max<std::size_t>(size, pointer - low);
  });
  return size;
}

bool in_dynamic_tls(std::uint64_t address) noexcept {
  bool found = false;
  for_each_tls_block(
      [&](std::uint64_t low, std::uint64_t high) { found |= address >= low && address < high; });
  return found;
}

}  // namespace snag::detector
