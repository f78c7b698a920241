// SPDX-License-Identifier: Apache-2.0
#include "detector/src/audit.h"

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <string_view>

#include "detector/src/text.h"

namespace snag::detector {
namespace {

struct module {
  std::uintptr_t base = 0, low = 0, high = 0;  // [low, high): all its segments
  const ElfW(Dyn) * dynamic = nullptr;
  std::string_view name;  // empty: the program itself
};

int add_module(dl_phdr_info* info, std::size_t, void* out) {
  module m;
  m.base = info->dlpi_addr;
  m.low = UINTPTR_MAX;
  if (info->dlpi_name != nullptr) m.name = info->dlpi_name;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    const std::uintptr_t begin = m.base + segment.p_vaddr;
    if (segment.p_type == PT_DYNAMIC) m.dynamic = reinterpret_cast<const ElfW(Dyn)*>(begin);
    if (segment.p_type != PT_LOAD) continue;
    m.low = std::min(m.low, begin);
    m.high = std::max(m.high, begin + segment.p_memsz);
  }
  m.name.remove_prefix(m.name.rfind('/') + 1);  // npos + 1 is 0
  static_cast<vector<module>*>(out)->push_back(m);
  return 0;
}

// The system's own, whose synchronisation and memory functions the detector knows; and what our runtime
// calls.
bool is_known(std::string_view name) {
  constexpr std::string_view known[] = {
      "libc.so",     "libm.so",   "libmvec.so",          "libpthread.so", "libdl.so",
      "librt.so",    "ld-linux",  "linux-vdso",          "libgcc_s.so",   "libstdc++.",
      "libc++.so",   "libc++abi", "libboost_context.so", "libfmt.so",     "libresolv.so",
      "libunwind.so"};
  return name.empty() || std::any_of(std::begin(known), std::end(known),
                                     [&](std::string_view start) { return name.starts_with(start); });
}

// Visits the resolved target of each function that the module calls through its procedure linkage table. A
// slot that was never called still points into the module itself, unless all were bound at the start.
template <class Visit>
void for_each_callee(const module& m, Visit&& visit) {
  if (m.dynamic == nullptr) return;
  const ElfW(Rela)* relocations = nullptr;
  std::size_t bytes = 0;
  for (const ElfW(Dyn)* d = m.dynamic; d->d_tag != DT_NULL; ++d) {
    if (d->d_tag == DT_JMPREL) relocations = reinterpret_cast<const ElfW(Rela)*>(d->d_un.d_ptr);
    if (d->d_tag == DT_PLTRELSZ) bytes = d->d_un.d_val;
  }
  if (relocations == nullptr) return;
  for (std::size_t i = 0; i < bytes / sizeof *relocations; ++i)
    if (ELF64_R_TYPE(relocations[i].r_info) == R_X86_64_JUMP_SLOT)
      visit(__atomic_load_n(reinterpret_cast<const std::uintptr_t*>(m.base + relocations[i].r_offset),
                            __ATOMIC_RELAXED));
}

vector<string> unseen_modules() {
  vector<module> all;
  dl_iterate_phdr(add_module, &all);
  vector<bool> called(all.size(), false);
  const auto instrumented = [](const module& m) { return module_has_sites(m.low, m.high); };
  for (const module& caller : all) {
    if (!instrumented(caller)) continue;
    for_each_callee(caller, [&](std::uintptr_t target) {
      for (std::size_t i = 0; i < all.size(); ++i)
        if (target >= all[i].low && target < all[i].high) called[i] = true;
    });
  }
  vector<string> out;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (called[i] && !is_known(all[i].name) && !instrumented(all[i]))
      out.push_back(string(all[i].name.data(), all[i].name.size()));
  std::sort(out.begin(), out.end());
  return out;
}

void append_count(string& out, std::uint64_t n, std::string_view noun) {
  append(out, n, " ", noun, n == 1 ? "" : "s");
}

void append_gap(string& out, std::uint64_t n, std::string_view what) {
  if (n != 0) append(out, "  ", n, " ", what, "\n");
}

// "  looked 3 times for who can never run again: 4.217 ms in all, 2.030 ms at most".
void append_looks(string& out, const core_usage& u) {
  if (u.looks == 0) return;
  const auto milliseconds = [&](std::uint64_t ns, const char* which) {
    const std::uint64_t us = ns / 1000 % 1000;
    append(out, ns / 1'000'000, ".", us < 100 ? "0" : "", us < 10 ? "0" : "", us, " ms ", which);
  };
  append(out, "  looked ", u.looks, u.looks == 1 ? " time" : " times", " for who can never run again: ");
  milliseconds(u.all_looks, "in all, of which ");
  milliseconds(u.looks_on_processor, "on a processor, ");
  milliseconds(u.longest_look, "at most\n");
}

}  // namespace

audit take_audit(std::uint64_t dropped_findings) {
  audit a;
  a.usage = usage();
  a.gaps = gaps();
  a.dropped = dropped_findings;
  a.unseen = unseen_modules();
  return a;
}

string render_audit(const audit& a, bool full) {
  string out;
  if (a.usage.waits_only) {
    append(out, "snag: looked for deadlocks and leaks alone, ", a.usage.looks,
           a.usage.looks == 1 ? " time" : " times", "; accesses were not checked; dropped ");
    append_count(out, a.dropped, "finding");
    append(out, "; used ", (a.usage.other_bytes + (1u << 20) - 1) >> 20, " MiB\n");
    if (full) append_looks(out, a.usage);
    return out;
  }
  append(out, "snag: checked ");
  append_count(out, a.usage.access_sites, "place");
  append(out, " in ");
  append_count(out, a.usage.modules, "translation unit");
  append(out, "; skipped ");
  append(out, a.skipped(), a.skipped() == 1 ? " access" : " accesses", ", dropped ");
  append_count(out, a.dropped, "finding");
  if (a.usage.ignored != 0) append(out, ", ignored ", a.usage.ignored, " on request");
  append(out, "; used ", (a.usage.shadow_bytes + a.usage.other_bytes + (1u << 20) - 1) >> 20, " MiB");
  if (!a.unseen.empty()) {
    append(out, "; not checked:");
    for (const string& name : a.unseen) append(out, " ", name);
  }
  append(out, "\n");
  if (!full) return out;
  append_looks(out, a.usage);
  append(out, "  ", a.usage.records, " records of accesses in use, ", a.usage.shadow_bytes >> 10,
         " KiB of shadow, ", a.usage.other_bytes >> 10, " KiB of clocks, contexts and findings\n");
  append(out, "  ", a.usage.contexts, " chains of calls in ", (a.usage.context_bytes + 1023) >> 10,
         " KiB of these\n");
  append_gap(out, a.gaps.in_signal_handlers,
             "accesses skipped: by signal handlers that interrupted the detector");
  append_gap(out, a.gaps.by_nobody, "accesses skipped: by threads in their last destructors");
  append_gap(out, a.gaps.unrecorded, "accesses checked but not remembered: the table of records was full");
  append_gap(out, a.gaps.without_stack, "accesses whose chain of calls was lost");
  append_gap(out, a.gaps.without_locks, "locks not mentioned: the table of locks was full");
  append_gap(out, a.usage.ignored, "accesses ignored on request (race_ignore_scope)");
  for (const string& name : a.unseen) append(out, "  not instrumented, but used: ", name, "\n");
  return out;
}

}  // namespace snag::detector
