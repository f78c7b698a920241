// SPDX-License-Identifier: Apache-2.0
// Where a debugger finds the goroutines, in words that need no debug information: runtime/gdb/snag-gdb.py
// reads `__snag_debug_layout`, and is itself in the section .debug_gdb_scripts, from which GDB loads it where
// its auto-load safe-path allows that.
#include <cstddef>
#include <cstdint>

#include "runtime/src/dump.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/sanitizer.h"

#pragma GCC diagnostic ignored \
    "-Winvalid-offsetof"  // goroutine has a base; both compilers lay it out plainly

namespace snag::detail {
namespace {

constexpr std::size_t reason_count = static_cast<std::size_t>(events::wait_reason::foreign) + 1;

struct layout {
  std::uint64_t version = 1;
  const void* slabs;  // address of the pointer to the first
  std::uint64_t slab_next, slab_storage, slab_size, goroutine_size;
  std::uint64_t id = offsetof(goroutine, id), kind = offsetof(goroutine, kind),
                name = offsetof(goroutine, name), alive = offsetof(goroutine, alive),
                reason = offsetof(goroutine, reason), context = offsetof(goroutine, context),
                stack_low = offsetof(goroutine, stack) + offsetof(stack_block, low),
                stack_high = offsetof(goroutine, stack) + offsetof(stack_block, high),
                created_at = offsetof(goroutine, created_at), parent = offsetof(goroutine, parent);
  // A sanitized build's context is a record that begins with a pointer to fcontext's.
  std::uint64_t context_is_record = sanitized;
  std::uint64_t reasons = reason_count;
  const char* const* reason_words;
};

struct reason_table {
  const char* words[reason_count];
  reason_table() noexcept {
    for (std::size_t i = 0; i < reason_count; ++i)
      words[i] = detail::words(static_cast<events::wait_reason>(i));
  }
};
const reason_table reasons;

}  // namespace

struct debug_access {
  static constexpr layout describe() noexcept {
    return {.slabs = &goroutine_table::the_table.slabs_,
            .slab_next = offsetof(goroutine_table::slab, next),
            .slab_storage = offsetof(goroutine_table::slab, storage),
            .slab_size = goroutine_table::slab::size,
            .goroutine_size = sizeof(goroutine),
            .reason_words = reasons.words};
  }
};

}  // namespace snag::detail

extern "C" [[gnu::used]] const snag::detail::layout __snag_debug_layout =
    snag::detail::debug_access::describe();

asm(R"(
  .pushsection .debug_gdb_scripts, "", @progbits
  .byte 4
  .ascii "snag-gdb\n"
  .incbin ")" SNAG_GDB_SCRIPT R"("
  .byte 0
  .popsection
)");
