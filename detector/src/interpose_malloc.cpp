// SPDX-License-Identifier: Apache-2.0
// malloc and its family over glibc's own entry points (__libc_malloc & co.: no look-up, so they work from the
// first instruction on). operator new and delete arrive here through libstdc++. Blocks allocated by the
// detector's own callees, or before it is ready, stay undescribed and are freed unseen.
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <bit>
#include <cstring>

#include "detector/src/heap_blocks.h"
#include "detector/src/interpose.h"
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

// What to ask glibc for. Absurd sizes are passed on as they are, for glibc to refuse.
std::size_t with_trailer(std::size_t n) {
  return n <= PTRDIFF_MAX - heap_trailer_size ? n + heap_trailer_size : n;
}

void* announced(void* block, std::size_t n, bool zeroed) {
  if (!block) return nullptr;
  describe_heap_block(block, n);
  on_allocated(block, n, zeroed);
  return block;
}

void* aligned(std::size_t alignment, std::size_t n) {
  if (!watching()) return __libc_memalign(alignment, n);
  return announced(__libc_memalign(alignment, with_trailer(n)), n, false);
}

// glibc would notice only when the block leaves the quarantine, far from the mistake.
[[noreturn]] void freed_twice() {
  say("free of a heap block that was freed already");
  abort();
}

// Only frees by instrumented code are checked, so only their blocks are worth keeping.
bool freed_by_instrumented_code() {
  const hooks::site* call = here().call;
  return call && (call->flags & hooks::site_frees) != 0;
}

}  // namespace
}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

void* malloc(std::size_t n) {
  if (!watching()) return __libc_malloc(n);
  return announced(__libc_malloc(with_trailer(n)), n, false);
}

void free(void* block) {
  if (!block) return;
  std::size_t n;
  const block_state state = interposers_open() ? described_size(block, n) : block_state::foreign;
  if (state == block_state::freed) freed_twice();
  if (state == block_state::live) {
    const bool watched = watching();
    if (watched) on_freed(block, n);
    void* released = nullptr;
    if (watched && freed_by_instrumented_code() && quarantine(block, n, released)) {
      if (released) __libc_free(released);
      return;
    }
    forget_heap_block(block);
  }
  __libc_free(block);
}

void* calloc(std::size_t count, std::size_t each) {
  std::size_t n;
  if (!watching() || __builtin_mul_overflow(count, each, &n)) return __libc_calloc(count, each);
  return announced(__libc_calloc(1, with_trailer(n)), n, true);
}

// The old block is given up and a new one obtained, wherever it lies: accesses to the old one that nothing
// orders before the call are races with it.
void* realloc(void* block, std::size_t n) {
  if (!block) return malloc(n);
  std::size_t old;
  const block_state state = interposers_open() ? described_size(block, old) : block_state::foreign;
  if (state == block_state::foreign) return __libc_realloc(block, n);
  if (state == block_state::freed) freed_twice();
  if (n == 0) {
    free(block);
    return nullptr;
  }
  const bool watched = watching();
  if (watched) on_freed(block, old);
  forget_heap_block(block);
  void* moved = __libc_realloc(block, with_trailer(n));
  if (moved) return watched ? announced(moved, n, false) : moved;
  if (watched) announced(block, old, false);
  return nullptr;
}

void* reallocarray(void* block, std::size_t count, std::size_t each) {
  std::size_t n;
  if (__builtin_mul_overflow(count, each, &n)) {
    errno = ENOMEM;
    return nullptr;
  }
  return realloc(block, n);
}

void* memalign(std::size_t alignment, std::size_t n) { return aligned(alignment, n); }
void* aligned_alloc(std::size_t alignment, std::size_t n) { return aligned(alignment, n); }
void* valloc(std::size_t n) { return aligned(page_size, n); }
void* pvalloc(std::size_t n) {
  std::size_t rounded;
  if (__builtin_add_overflow(n, page_size - 1, &rounded)) {
    errno = ENOMEM;
    return nullptr;
  }
  return aligned(page_size, rounded / page_size * page_size);
}

int posix_memalign(void** out, std::size_t alignment, std::size_t n) {
  if (alignment % sizeof(void*) != 0 || !std::has_single_bit(alignment)) return EINVAL;
  const int saved = errno;
  void* block = aligned(alignment, n);
  const int error = errno;
  errno = saved;
  if (!block) return error == 0 ? ENOMEM : error;
  *out = block;
  return 0;
}

std::size_t malloc_usable_size(void* block) {
  if (!block) return 0;
  std::size_t n;
  // Exactly what was asked for: the rest would be unknown to the shadow, and the end of it is ours.
  if (interposers_open() && described_size(block, n) != block_state::foreign) return n;
  return glibc_usable_size(block);
}
}
