// SPDX-License-Identifier: Apache-2.0
// dlclose. Records, stacks and the reports to come point into the site tables of a library: they stay, at
// their addresses, when the rest of it goes. What lay in its variables is forgotten.
//
// dl_iterate_phdr. libc holds a lock meanwhile (dl_load_write_lock) that its fork does not renew in the child
// (glibc 2.36, posix/fork.c): one that was taken then stays so, and the child would hang in its first look at
// the modules. Reports look at them, and debug information is read inside such a look: so forks wait for its
// end.
#include <dlfcn.h>
#include <link.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "detector/src/internal_memory.h"
#include "detector/src/interpose.h"
#include "detector/src/libc_function.h"
#include "detector/src/loader_turns.h"
#include "detector/src/module_gate.h"
#include "detector/src/spin_lock.h"

namespace snag::detector {
namespace {

SNAG_LIBC(dlclose);
SNAG_LIBC(dl_iterate_phdr);

struct byte_range {
  std::uintptr_t begin, end;
  bool operator==(const byte_range&) const = default;
};

// A mapped piece of a module that holds site tables, and what it said.
struct kept_piece {
  byte_range place;
  char* copy;
};
constinit spin_lock kept_lock;
vector<kept_piece>& kept_pieces() noexcept {
  static constinit vector<kept_piece>* pieces = nullptr;
  if (pieces == nullptr) pieces = internal_new<vector<kept_piece>>();
  return *pieces;
}

constexpr std::uintptr_t page = 4096;

vector<byte_range> loaded_pieces() noexcept {
  vector<byte_range> pieces;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* out) {
        if (info->dlpi_name == nullptr || *info->dlpi_name == 0) return 0;  // the program stays
        for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
          const ElfW(Phdr)& p = info->dlpi_phdr[i];
          if (p.p_type != PT_LOAD) continue;
          const std::uintptr_t begin = info->dlpi_addr + p.p_vaddr;
          static_cast<vector<byte_range>*>(out)->push_back(
              {begin & ~(page - 1), (begin + p.p_memsz + page - 1) & ~(page - 1)});
        }
        return 0;
      },
      &pieces);
  return pieces;
}

// Of every library, since nobody knows which ones a close takes along; as they are now.
void copy_tables(const vector<byte_range>& pieces) noexcept {
  const spin_guard guard(kept_lock);
  for (const byte_range& piece : pieces) {
    if (!module_has_sites(piece.begin, piece.end)) continue;
    auto& kept = kept_pieces();
    const auto known =
        std::find_if(kept.begin(), kept.end(), [&](const kept_piece& k) { return k.place == piece; });
    char* const copy =
        known != kept.end() ? known->copy : static_cast<char*>(internal_allocate(piece.end - piece.begin));
    std::memcpy(copy, reinterpret_cast<const void*>(piece.begin), piece.end - piece.begin);
    if (known == kept.end()) kept.push_back({piece, copy});
  }
}

void put_back(const byte_range& piece) noexcept {
  const spin_guard guard(kept_lock);
  for (const kept_piece& k : kept_pieces()) {
    if (k.place != piece) continue;
    const std::size_t size = piece.end - piece.begin;
    void* const at = mmap(reinterpret_cast<void*>(piece.begin), size, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (at == reinterpret_cast<void*>(piece.begin)) std::memcpy(at, k.copy, size);
  }
}

}  // namespace
}  // namespace snag::detector

using namespace snag::detector;

extern "C" int dlclose(void* library) noexcept {
  if (!watching()) return libc_dlclose(library);
  const loader_turn turn;
  vector<byte_range> before;
  vector<std::uintptr_t> closing;
  {
    const internal_scope scope;
    closing = with_its_needs(loaded_modules(), library);
    before = loaded_pieces();
    copy_tables(before);
  }
  tell_closing(closing);
  const int result = libc_dlclose(library);  // runs the library's destructors
  const internal_scope scope;
  const vector<byte_range> after = loaded_pieces();
  for (const byte_range& piece : before) {
    if (std::find(after.begin(), after.end(), piece) != after.end()) continue;
    put_back(piece);
    on_unmapped(reinterpret_cast<const void*>(piece.begin), piece.end - piece.begin);
  }
  return result;
}

extern "C" int dl_iterate_phdr(int (*visit)(dl_phdr_info*, std::size_t, void*), void* data) {
  libc_dl_iterate_phdr.resolve();  // takes the loader's other lock, which comes before the one meant here
  const module_gate::visit inside;
  return libc_dl_iterate_phdr(visit, data);
}
