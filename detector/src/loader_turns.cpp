// SPDX-License-Identifier: Apache-2.0
#include "detector/src/loader_turns.h"

#include <dlfcn.h>
#include <link.h>

#include <algorithm>

#include "detector/src/race.h"
#include "detector/src/report_lock.h"

namespace snag::detector {
namespace {

constinit report_lock turns;

constexpr std::uint64_t of_libraries = 0x6c696272ULL << 32;
constexpr kernel_channel constructed(std::uintptr_t base) { return {of_libraries, base}; }
constexpr kernel_channel closing(std::uintptr_t base) { return {of_libraries | 1, base}; }

// The addresses in the dynamic section are relocated by the loader, but for those of the vdso.
const char* in_module(std::uintptr_t base, std::uintptr_t address) {
  return reinterpret_cast<const char*>(address < base ? base + address : address);
}

void read_dynamic(loaded_module& m, const ElfW(Dyn) * dynamic) {
  const char* names = nullptr;
  for (const ElfW(Dyn)* d = dynamic; d->d_tag != DT_NULL; ++d)
    if (d->d_tag == DT_STRTAB) names = in_module(m.base, d->d_un.d_ptr);
  if (names == nullptr) return;
  for (const ElfW(Dyn)* d = dynamic; d->d_tag != DT_NULL; ++d) {
    if (d->d_tag == DT_SONAME) m.own_name = names + d->d_un.d_val;
    if (d->d_tag == DT_NEEDED) m.needed.push_back(names + d->d_un.d_val);
  }
}

bool answers_to(const loaded_module& m, std::string_view name) {
  return m.own_name == name || m.path == name || m.path.substr(m.path.rfind('/') + 1) == name;
}

}  // namespace

loader_turn::loader_turn() noexcept : outermost_(turns.lock()) {}
loader_turn::~loader_turn() {
  if (outermost_) turns.unlock();
}
void loader_turn::forget_after_fork() noexcept {
  if (!turns.mine()) turns.reset();
}

vector<loaded_module> loaded_modules() noexcept {
  vector<loaded_module> all;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* out) {
        loaded_module m{info->dlpi_addr, info->dlpi_name ? info->dlpi_name : "", {}, {}};
        for (unsigned i = 0; i < info->dlpi_phnum; ++i)
          if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
            read_dynamic(m, reinterpret_cast<const ElfW(Dyn)*>(m.base + info->dlpi_phdr[i].p_vaddr));
        static_cast<vector<loaded_module>*>(out)->push_back(std::move(m));
        return 0;
      },
      &all);
  return all;
}

vector<std::uintptr_t> with_its_needs(const vector<loaded_module>& all, void* handle) noexcept {
  vector<std::uintptr_t> bases;
  link_map* map = nullptr;
  if (handle == nullptr || dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0 || map == nullptr) return bases;
  bases.push_back(map->l_addr);
  for (std::size_t i = 0; i < bases.size(); ++i)
    for (const loaded_module& m : all) {
      if (m.base != bases[i]) continue;
      for (const std::string_view name : m.needed)
        for (const loaded_module& n : all)
          if (answers_to(n, name) && std::find(bases.begin(), bases.end(), n.base) == bases.end())
            bases.push_back(n.base);
    }
  return bases;
}

void tell_constructed(const vector<loaded_module>& before, const vector<loaded_module>& after) noexcept {
  for (const loaded_module& m : after) {
    const auto is_it = [&](const loaded_module& known) { return known.base == m.base; };
    if (std::none_of(before.begin(), before.end(), is_it)) on_sent(constructed(m.base));
  }
}
void tell_opened(const vector<std::uintptr_t>& bases) noexcept {
  for (const std::uintptr_t base : bases) on_received(constructed(base));
}
void tell_closing(const vector<std::uintptr_t>& bases) noexcept {
  for (const std::uintptr_t base : bases) {
    on_sent(closing(base));
    on_received(closing(base));
  }
}

}  // namespace snag::detector
