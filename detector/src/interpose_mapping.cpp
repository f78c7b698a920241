// SPDX-License-Identifier: Apache-2.0
// Memory that is unmapped, moved or mapped over is forgotten: what lies there next is another thing. The
// shadow goes before the memory does, since another thread may be given the addresses at once.
#include <errno.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

#include "detector/src/interpose.h"
#include "detector/src/mapped_memory.h"

namespace {
using namespace snag::detector;

constexpr int map_fixed = 0x10, remap_fixed = 2, map_anonymous = 0x20;

std::uintptr_t number(const void* p) { return reinterpret_cast<std::uintptr_t>(p); }
std::uintptr_t whole_pages(std::size_t n) { return (n + 4095) & ~std::size_t{4095}; }

void* mapped(void* at, std::size_t n, int protection, int flags, int fd, long offset) {
  if ((offset & 4095) != 0) {
    errno = EINVAL;
    return reinterpret_cast<void*>(-1);
  }
  if ((flags & map_fixed) != 0 && n != 0 && watching()) on_unmapped(at, n);
  const long p = syscall(SYS_mmap, at, n, protection, flags, fd, offset);
  if (p != -1 && interposers_open() && !inside_detector())
    program_mappings.mapped(number(reinterpret_cast<void*>(p)),
                            number(reinterpret_cast<void*>(p)) + whole_pages(n),
                            (flags & map_anonymous) == 0);
  return reinterpret_cast<void*>(p);
}
}  // namespace

extern "C" {

void* mmap(void* at, std::size_t n, int protection, int flags, int fd, long offset) {
  return mapped(at, n, protection, flags, fd, offset);
}
void* mmap64(void* at, std::size_t n, int protection, int flags, int fd, long offset) {
  return mapped(at, n, protection, flags, fd, offset);
}

int munmap(void* at, std::size_t n) {
  if (n != 0 && watching()) on_unmapped(at, n);
  program_mappings.unmapped(number(at), number(at) + whole_pages(n));
  return static_cast<int>(syscall(SYS_munmap, at, n));
}

void* mremap(void* old, std::size_t old_size, std::size_t new_size, int flags, ...) {
  void* target = nullptr;
  if ((flags & remap_fixed) != 0) {
    va_list arguments;
    va_start(arguments, flags);
    target = va_arg(arguments, void*);
    va_end(arguments);
    if (watching()) on_unmapped(target, new_size);
  }
  if (new_size < old_size && watching())
    on_unmapped(static_cast<std::byte*>(old) + new_size, old_size - new_size);
  void* moved = reinterpret_cast<void*>(syscall(SYS_mremap, old, old_size, new_size, flags, target));
  // Moved away: nothing can have been mapped in its place in between that was written through instrumented
  // code without this thread's knowing where it would be.
  if (moved != old && moved != reinterpret_cast<void*>(-1) && watching()) on_unmapped(old, old_size);
  if (moved != reinterpret_cast<void*>(-1)) {
    program_mappings.unmapped(number(old), number(old) + whole_pages(old_size));
    program_mappings.mapped(number(moved), number(moved) + whole_pages(new_size), true);
  }
  return moved;
}
}
