// SPDX-License-Identifier: Apache-2.0
// malloc and its family over glibc's own entry points (__libc_malloc & co.: no look-up, so they work from the
// first instruction on). operator new and delete arrive here through libstdc++. Blocks allocated by the
// detector's own callees, or before it is ready, stay undescribed and are freed unseen.
//
// All are weak: a program may bring an allocator of its own, which is then checked like the rest of it. One
// that asks for the next malloc (dlsym, RTLD_NEXT) is given ours: libc hands blocks on from thread to thread
// in ways that only we know to be ordered.
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <atomic>
#include <bit>
#include <cstring>
#include <string_view>

#include "detector/src/heap_blocks.h"
#include "detector/src/interpose.h"
#include "detector/src/quarantine.h"
#include "detector/src/report_log.h"

extern "C" {
void* __libc_malloc(std::size_t) noexcept;
void __libc_free(void*) noexcept;
void* __libc_calloc(std::size_t, std::size_t) noexcept;
void* __libc_realloc(void*, std::size_t) noexcept;
void* __libc_memalign(std::size_t, std::size_t) noexcept;
}

namespace snag::detector {
namespace {

constexpr std::size_t page_size = 4096;

void* announced(void* block, std::size_t n) {
  if (!block) return nullptr;
  describe_heap_block(block, n, on_allocated(block, n));
  return block;
}

void* aligned(std::size_t alignment, std::size_t n) {
  if (!watching()) return __libc_memalign(alignment, n);
  return announced(__libc_memalign(alignment, n), n);
}

// glibc would notice only when the block leaves the quarantine, far from the mistake.
[[noreturn]] void freed_twice() {
  say("free of a heap block that was freed already");
  abort();
}

using dlsym_function = void*(void* __restrict, const char* __restrict) noexcept;
dlsym_function* libc_dlsym() noexcept {
  static constinit std::atomic<dlsym_function*> found{nullptr};
  dlsym_function* f = found.load(std::memory_order_relaxed);
  if (f == nullptr) {
    f = reinterpret_cast<dlsym_function*>(dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5"));
    if (f == nullptr) internal_error("the C library lacks a function that the detector stands before");
    found.store(f, std::memory_order_relaxed);
  }
  return f;
}

void* replaced(std::string_view name) noexcept;

}  // namespace
}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

#define SNAG_REPLACEABLE [[gnu::weak]]
// Ours, whatever the program brings.
extern decltype(malloc) our_malloc __attribute__((alias("malloc")));
extern decltype(free) our_free __attribute__((alias("free")));
extern decltype(calloc) our_calloc __attribute__((alias("calloc")));
extern decltype(realloc) our_realloc __attribute__((alias("realloc")));
extern decltype(reallocarray) our_reallocarray __attribute__((alias("reallocarray")));
extern decltype(memalign) our_memalign __attribute__((alias("memalign")));
extern decltype(aligned_alloc) our_aligned_alloc __attribute__((alias("aligned_alloc")));
extern decltype(valloc) our_valloc __attribute__((alias("valloc")));
extern decltype(pvalloc) our_pvalloc __attribute__((alias("pvalloc")));
extern decltype(posix_memalign) our_posix_memalign __attribute__((alias("posix_memalign")));
extern decltype(malloc_usable_size) our_malloc_usable_size __attribute__((alias("malloc_usable_size")));

SNAG_REPLACEABLE void* malloc(std::size_t n) {
  if (!watching()) return __libc_malloc(n);
  return announced(__libc_malloc(n), n);
}

SNAG_REPLACEABLE void free(void* block) {
  if (!block) return;
  std::size_t n;
  const block_state state = interposers_open() ? described_size(block, n) : block_state::foreign;
  if (state == block_state::freed) freed_twice();
  if (state == block_state::live) {
    // Only frees by instrumented code are checked, so only their blocks are worth keeping.
    if (watching() && on_freed(block, n) && n <= quarantine_block_size && mark_freed_block(block)) {
      if (void* const released = this_threads_quarantine().put(block)) {
        forget_heap_block(released);
        __libc_free(released);
      }
      return;
    }
    forget_heap_block(block);
  }
  __libc_free(block);
}

SNAG_REPLACEABLE void* calloc(std::size_t count, std::size_t each) {
  std::size_t n;
  if (!watching() || __builtin_mul_overflow(count, each, &n)) return __libc_calloc(count, each);
  return announced(__libc_calloc(1, n), n);
}

// The old block is given up and a new one obtained, wherever it lies: accesses to the old one that nothing
// orders before the call are races with it.
SNAG_REPLACEABLE void* realloc(void* block, std::size_t n) {
  if (!block) return our_malloc(n);
  std::size_t old;
  const block_state state = interposers_open() ? described_size(block, old) : block_state::foreign;
  if (state == block_state::foreign) return __libc_realloc(block, n);
  if (state == block_state::freed) freed_twice();
  if (n == 0) {
    our_free(block);
    return nullptr;
  }
  const bool watched = watching();
  if (watched) on_freed(block, old);
  forget_heap_block(block);
  void* moved = __libc_realloc(block, n);
  if (moved) return watched ? announced(moved, n) : moved;
  if (watched) announced(block, old);
  return nullptr;
}

SNAG_REPLACEABLE void* reallocarray(void* block, std::size_t count, std::size_t each) {
  std::size_t n;
  if (__builtin_mul_overflow(count, each, &n)) {
    errno = ENOMEM;
    return nullptr;
  }
  return our_realloc(block, n);
}

SNAG_REPLACEABLE void* memalign(std::size_t alignment, std::size_t n) { return aligned(alignment, n); }
SNAG_REPLACEABLE void* aligned_alloc(std::size_t alignment, std::size_t n) { return aligned(alignment, n); }
SNAG_REPLACEABLE void* valloc(std::size_t n) { return aligned(page_size, n); }
SNAG_REPLACEABLE void* pvalloc(std::size_t n) {
  std::size_t rounded;
  if (__builtin_add_overflow(n, page_size - 1, &rounded)) {
    errno = ENOMEM;
    return nullptr;
  }
  return aligned(page_size, rounded / page_size * page_size);
}

SNAG_REPLACEABLE int posix_memalign(void** out, std::size_t alignment, std::size_t n) {
  if (alignment % sizeof(void*) != 0 || !std::has_single_bit(alignment)) return EINVAL;
  const int saved = errno;
  void* block = aligned(alignment, n);
  const int error = errno;
  errno = saved;
  if (!block) return error == 0 ? ENOMEM : error;
  *out = block;
  return 0;
}

SNAG_REPLACEABLE std::size_t malloc_usable_size(void* block) {
  if (!block) return 0;
  std::size_t n;
  // Exactly what was asked for: the rest would be unknown to the shadow.
  if (interposers_open() && described_size(block, n) != block_state::foreign) return n;
  return glibc_usable_size(block);
}

// A jump, not a call: which library comes next depends on who asks, by the return address.
void* dlsym(void* __restrict library, const char* __restrict name) noexcept {
  if (library == RTLD_NEXT)
    if (void* const ours = replaced(name)) return ours;
  [[clang::musttail]] return libc_dlsym()(library, name);
}
}

namespace snag::detector {
namespace {

void* replaced(std::string_view name) noexcept {
  struct function {
    std::string_view name;
    void* ours;
  };
  const function family[] = {
      {"malloc", reinterpret_cast<void*>(our_malloc)},
      {"free", reinterpret_cast<void*>(our_free)},
      {"calloc", reinterpret_cast<void*>(our_calloc)},
      {"realloc", reinterpret_cast<void*>(our_realloc)},
      {"reallocarray", reinterpret_cast<void*>(our_reallocarray)},
      {"memalign", reinterpret_cast<void*>(our_memalign)},
      {"aligned_alloc", reinterpret_cast<void*>(our_aligned_alloc)},
      {"valloc", reinterpret_cast<void*>(our_valloc)},
      {"pvalloc", reinterpret_cast<void*>(our_pvalloc)},
      {"posix_memalign", reinterpret_cast<void*>(our_posix_memalign)},
      {"malloc_usable_size", reinterpret_cast<void*>(our_malloc_usable_size)},
  };
  for (const function& f : family)
    if (f.name == name) return f.ours;
  return nullptr;
}

}  // namespace
}  // namespace snag::detector
