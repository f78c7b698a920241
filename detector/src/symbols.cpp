// SPDX-License-Identifier: Apache-2.0
#include "detector/src/symbols.h"

#include <cxxabi.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cstring>
#include <string_view>
#include <utility>

#include "detector/src/raw_io.h"
#include "detector/src/spin_lock.h"

namespace snag::detector {
namespace {

struct module_match {
  std::uintptr_t address = 0, bias = 0;
  string path;
};

int match_module(dl_phdr_info* info, std::size_t, void* argument) {
  auto& m = *static_cast<module_match*>(argument);
  for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& p = info->dlpi_phdr[i];
    if (p.p_type != PT_LOAD || m.address - info->dlpi_addr - p.p_vaddr >= p.p_memsz) continue;
    m.bias = info->dlpi_addr;
    m.path = info->dlpi_name && *info->dlpi_name ? info->dlpi_name : "/proc/self/exe";
    return 1;
  }
  return 0;
}

// A file's bytes, read-only; empty if it cannot be read.
class mapped_file {
 public:
  explicit mapped_file(const char* path) noexcept {
    const int fd = raw_open(path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) return;
    struct stat status;
    if (raw_stat(fd, status) && status.st_size > 0) {
      const void* p = raw_map_file(fd, static_cast<std::size_t>(status.st_size));
      if (p) bytes_ = {static_cast<const char*>(p), static_cast<std::size_t>(status.st_size)};
    }
    raw_close(fd);
  }
  ~mapped_file() {
    if (!bytes_.empty()) raw_unmap(bytes_.data(), bytes_.size());
  }
  mapped_file(const mapped_file&) = delete;

  // An array of n objects at an offset; null if the file is too short for it.
  template <class T>
  const T* at(std::uint64_t offset, std::uint64_t n = 1) const {
    if (offset > bytes_.size() || n > (bytes_.size() - offset) / sizeof(T) || offset % alignof(T) != 0)
      return nullptr;
    return reinterpret_cast<const T*>(bytes_.data() + offset);
  }

 private:
  std::string_view bytes_;
};

// "jobs[abi:cxx11]" is jobs to its user.
string without_tags(string name) {
  constexpr std::string_view tag = "[abi:";
  for (auto at = name.find(tag); at != string::npos; at = name.find(tag, at))
    name.erase(at, name.find(']', at) - at + 1);
  return name;
}

string demangled(const char* name) {
  if (std::strncmp(name, "_Z", 2) != 0)
    return name;  // a C name may be a type's mangled one: "m" is unsigned long
  int status = 0;
  char* text = abi::__cxa_demangle(name, nullptr, nullptr, &status);
  string out = status == 0 && text ? text : name;
  free(text);
  if (status == 0) return without_tags(std::move(out));
  // Optimisation cuts variables into parts, "_ZZ3runvE5total.0".
  const char* const part = std::strchr(name, '.');
  return part == nullptr ? out : demangled(string(name, static_cast<std::size_t>(part - name)).c_str());
}

bool search(const mapped_file& file, std::uint32_t table_type, std::uint64_t address, global_symbol& out) {
  const auto* header = file.at<Elf64_Ehdr>(0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64)
    return false;
  const auto* sections = file.at<Elf64_Shdr>(header->e_shoff, header->e_shnum);
  if (!sections) return false;
  for (unsigned i = 0; i < header->e_shnum; ++i) {
    if (sections[i].sh_type != table_type || sections[i].sh_link >= header->e_shnum) continue;
    const Elf64_Shdr& strings = sections[sections[i].sh_link];
    const std::uint64_t count = sections[i].sh_size / sizeof(Elf64_Sym);
    const auto* symbols = file.at<Elf64_Sym>(sections[i].sh_offset, count);
    const auto* names = file.at<char>(strings.sh_offset, strings.sh_size);
    if (!symbols || !names || strings.sh_size == 0 || names[strings.sh_size - 1] != '\0') continue;
    for (std::uint64_t k = 0; k < count; ++k) {
      const Elf64_Sym& s = symbols[k];
      if (ELF64_ST_TYPE(s.st_info) != STT_OBJECT || s.st_shndx == SHN_UNDEF ||
          address - s.st_value >= s.st_size || s.st_name >= strings.sh_size)
        continue;
      out.name = demangled(names + s.st_name);
      out.base = s.st_value;
      out.size = s.st_size;
      return true;
    }
  }
  return false;
}

// What was found last: repetitions of a race ask for the same few variables.
class recent_globals {
 public:
  bool find(const module_match& m, global_symbol& out) {
    const spin_guard guard(lock_);
    for (const found& f : symbols_)
      if (m.address - f.symbol.base < f.symbol.size && f.bias == m.bias && f.path == m.path) {
        out = f.symbol;
        return true;
      }
    return false;
  }
  void add(const module_match& m, const global_symbol& symbol) {
    const spin_guard guard(lock_);
    if (symbols_.size() < most) {
      symbols_.push_back({symbol, m.path, m.bias});
    } else {
      symbols_[oldest_] = {symbol, m.path, m.bias};
      oldest_ = (oldest_ + 1) % most;
    }
  }

 private:
  static constexpr std::size_t most = 64;
  struct found {
    global_symbol symbol;
    string path;
    std::uintptr_t bias;
  };
  spin_lock lock_;
  vector<found> symbols_ SNAG_DETECTOR_GUARDED_BY(lock_);
  std::size_t oldest_ SNAG_DETECTOR_GUARDED_BY(lock_) = 0;
};

recent_globals& recent() {
  static constinit recent_globals* globals = nullptr;  // never destroyed: races may come at the very end
  static constinit spin_lock making;
  const spin_guard guard(making);
  if (globals == nullptr) globals = internal_new<recent_globals>();
  return *globals;
}

}  // namespace

bool find_global(const void* address, global_symbol& out) {
  module_match m;
  m.address = reinterpret_cast<std::uintptr_t>(address);
  if (dl_iterate_phdr(match_module, &m) == 0) return false;
  if (recent().find(m, out)) return true;
  const module_match asked = m;
  const mapped_file file(m.path.c_str());
  if (!search(file, SHT_SYMTAB, m.address - m.bias, out) &&
      !search(file, SHT_DYNSYM, m.address - m.bias, out))
    return false;
  out.base += m.bias;
  if (m.path == "/proc/self/exe") {
    char path[4096];
    const long n = raw_readlink("/proc/self/exe", path, sizeof path);
    if (n > 0) m.path.assign(path, static_cast<std::size_t>(n));
  }
  const auto slash = m.path.rfind('/');
  out.module = slash == string::npos ? m.path : m.path.substr(slash + 1);
  recent().add(asked, out);
  return true;
}

}  // namespace snag::detector
