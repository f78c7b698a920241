// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/root_memory.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>

#include "detector/src/internal_memory.h"
#include "detector/src/mapped_memory.h"
#include "detector/src/raw_io.h"

namespace snag::detector {
namespace {

using visitor = void (*)(void*, std::uintptr_t, std::uintptr_t);

// The whole of /proc/self/maps: libc's and the loader's lists of modules are behind locks that a stopped
// thread may hold.
string read_maps() {
  string text;
  const int fd = raw_open("/proc/self/maps", O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return text;
  char buffer[16384];
  long n;
  while ((n = syscall(SYS_read, fd, buffer, sizeof buffer)) > 0)
    text.append(buffer, static_cast<std::size_t>(n));
  raw_close(fd);
  return text;
}

// The hexadecimal number at the front, which goes with the character after it.
std::uintptr_t take_number(std::string_view& line) {
  std::uintptr_t out = 0;
  const auto end = std::from_chars(line.data(), line.data() + line.size(), out, 16).ptr;
  line.remove_prefix(std::min(line.size(), static_cast<std::size_t>(end - line.data()) + 1));
  return out;
}

struct mapping {
  std::uintptr_t low, high;
  bool writable, starts_file, shared;
  std::string_view name;
};
mapping parse(std::string_view line) {
  mapping m{};
  m.low = take_number(line);
  m.high = take_number(line);
  m.writable = line.starts_with("rw");
  m.shared = line.size() > 3 && line[3] == 's';
  m.starts_file = line.starts_with('r') && line.size() > 5 && line.substr(5).starts_with("00000000 ");
  const auto slash = line.find_first_of("/[");
  m.name = slash == line.npos ? std::string_view() : line.substr(slash);
  return m;
}

// What may not be there (a file may be shorter than its mapping) is read by the kernel, which says so.
bool visit_file(std::uintptr_t low, std::uintptr_t high, visitor visit, void* argument) {
  constexpr std::size_t piece = 1 << 16;
  alignas(16) static char buffer[piece];  // one search at a time
  const auto copy = reinterpret_cast<std::uintptr_t>(buffer);
  for (std::uintptr_t at = low; at < high; at += piece) {
    const std::size_t wanted = std::min(piece, high - at);
    iovec to{buffer, wanted}, from{reinterpret_cast<void*>(at), wanted};
    const long n = syscall(SYS_process_vm_readv, getpid(), &to, 1L, &from, 1L, 0L);
    if (n < 0) return errno == EFAULT;  // nothing there
    visit(argument, copy, copy + static_cast<std::size_t>(n));
  }
  return true;
}

bool is_any_programs(const mapping& m) {
  const auto& ranges = program_mappings.ranges();
  const auto r = std::lower_bound(ranges.begin(), ranges.end(), m.low,
                                  [](const auto& range, std::uintptr_t a) { return range.high <= a; });
  return r != ranges.end() && r->low < m.high;
}

bool visit_program_mappings(const mapping& m, visitor visit, void* argument) {
  bool all = true;
  const auto& ranges = program_mappings.ranges();
  auto r = std::lower_bound(ranges.begin(), ranges.end(), m.low,
                            [](const auto& range, std::uintptr_t a) { return range.high <= a; });
  for (; r != ranges.end() && r->low < m.high; ++r) {
    const std::uintptr_t low = std::max(r->low, m.low), high = std::min(r->high, m.high);
    if (r->of_file)
      all = visit_file(low, high, visit, argument) && all;
    else
      visit(argument, low, high);
  }
  return all;
}

// A module's variables, initialised or not, by the headers at its start.
bool visit_variables(std::uintptr_t base, visitor visit, void* argument) {
  const auto& header = *reinterpret_cast<const Elf64_Ehdr*>(base);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return true;  // some other file
  const auto* const pieces = reinterpret_cast<const Elf64_Phdr*>(base + header.e_phoff);
  if (header.e_phoff + header.e_phnum * sizeof(Elf64_Phdr) > 4096) return false;
  const std::uintptr_t loaded_at = header.e_type == ET_EXEC ? 0 : base;
  for (unsigned i = 0; i < header.e_phnum; ++i)
    if (pieces[i].p_type == PT_LOAD && (pieces[i].p_flags & PF_W) != 0)
      visit(argument, loaded_at + pieces[i].p_vaddr, loaded_at + pieces[i].p_vaddr + pieces[i].p_memsz);
  return true;
}

}  // namespace

namespace {

template <class F>
void for_each_mapping(std::string_view maps, F f) {
  while (!maps.empty()) {
    const auto newline = maps.find('\n');
    f(parse(maps.substr(0, newline)));
    maps.remove_prefix(newline == maps.npos ? maps.size() : newline + 1);
  }
}

}  // namespace

bool any_is_shared(const vector<std::uintptr_t>& addresses) noexcept {
  const string text = read_maps();
  bool any = text.empty();
  for_each_mapping(text, [&](const mapping& m) {
    any = any || (m.shared && std::any_of(addresses.begin(), addresses.end(),
                                          [&](std::uintptr_t a) { return a >= m.low && a < m.high; }));
  });
  return any;
}

bool visit_root_memory(visitor visit, void* argument) noexcept {
  const string text = read_maps();
  bool all = !text.empty();
  for_each_mapping(text, [&](const mapping& m) {
    if (is_any_programs(m)) {
      if (m.writable) all = visit_program_mappings(m, visit, argument) && all;
    } else if (m.starts_file && m.name.starts_with('/') && !m.name.starts_with("/dev/")) {
      all = visit_variables(m.low, visit, argument) && all;
    }
  });
  return all;
}

}  // namespace snag::detector
