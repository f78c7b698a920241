// SPDX-License-Identifier: Apache-2.0
#pragma once
// The ABI between code that the Clang plugin instruments and the detector: the list of hooks, the site and
// frame layouts, where the shadow of an address is, and the inline check. The plugin includes this header for
// names and offsets only. Any change of a layout or a signature raises `abi_version`; a module that was
// compiled for another version is refused at start with a message, never run.
//
// x86-64 Linux.
#include <cstddef>
#include <cstdint>

namespace snag::hooks {

inline constexpr std::uint32_t abi_version = 6;

// --- Shadow address -------------------------------------------------------------------------------------
// Two planes of 32-bit cells, one cell for each aligned 4 bytes of the program ("granule"): the plane of
// writes and the plane of reads. A cell's address is its granule's address with two bits flipped, so that one
// xor finds it:
//     write cell of a = (a & ~3) ^ write_plane,     read cell of a = (a & ~3) ^ read_plane
// The program lives in three zones of the 47-bit address space; their six images overlap neither a zone nor
// each other (static_asserts in detector/src/address_space.h). A process whose layout does not fit (extreme
// ASLR) is restarted without randomisation.
// The upper bit chooses the plane. The lower one mixes blocks of a few MiB, to keep a granule and its two
// cells apart in processors that guess the way of a first-level cache from a hash of the lower address bits,
// and can keep only one of two lines alike in all of them (AMD's Zen: Lipp et al., Take A Way, ASIA CCS
// 2020).
inline constexpr std::uint64_t write_plane = std::uint64_t{1} << 45 | std::uint64_t{1} << 20;
inline constexpr std::uint64_t read_plane = std::uint64_t{1} << 46 | std::uint64_t{1} << 21;
inline constexpr std::uint64_t plane_run = std::uint64_t{1} << 20;    // cells of aligned runs are contiguous
inline constexpr std::uint64_t plane_block = std::uint64_t{1} << 22;  // those of aligned blocks fill a block
inline constexpr unsigned granule_size = 4;                           // bytes

// --- Cell -----------------------------------------------------------------------------------------------
//   31  28 27                              0
//  [missing|            id                  ]
// missing: bit k set: byte k of the granule is not part of this access (0: all four bytes are).
// id: 0                        nothing known (then the whole cell is 0)
//     1 … first_set_id - 1     an access record: one access, or several of one (epoch, site, context)
//     first_set_id … busy-1    an interned set of (record, bytes): several accesses, none ordered before
//                              another, or with different bytes (then `missing` is 0)
//     busy                     another thread is between checking and recording in this line of 64 bytes
inline constexpr unsigned cell_id_bits = 28;
inline constexpr std::uint32_t cell_id_mask = (1u << cell_id_bits) - 1;
inline constexpr std::uint32_t first_set_id = 1u << 27;
inline constexpr std::uint32_t busy = cell_id_mask;

// --- Sites ----------------------------------------------------------------------------------------------
enum class site_kind : std::uint8_t { read, write, atomic, call, inlined_call, function };
enum site_flags : std::uint8_t {
  site_leaf = 1,         // the access's function keeps no frame of its own: its call is the top frame's call
  site_runtime = 2,      // in the runtime's own headers: reports skip such leading frames
  site_polls = 32,       // a read in the condition of a loop
  site_read_before = 4,  // a write of what was read just before at this site (x++): it stands for the read
  // On call sites. The runtime synchronises by means the detector is told of through events only, so
  // interposed functions (memcpy, free, …) do not check what the runtime does below such a call:
  site_calls_runtime = 8,  // the callee is the runtime's (namespace snag, C++ mangled _ZN4snag / _ZNK4snag)
  site_frees = 16,         // the callee is free, realloc or an operator delete: a deallocation is a checked
                           // write only where instrumented code itself frees; else memory is just forgotten
};

// One instrumented place, resolved at compile time. Strings are NUL-terminated, at an offset from the field's
// own address (no relocations at load); 0: unknown. In section "snag_sites", 8-byte aligned, contiguous in a
// module; `id` is given by the detector when the module registers.
struct site {
  std::uint32_t id = 0;
  std::uint32_t line = 0;
  std::uint16_t column = 0;
  site_kind kind = site_kind::read;
  std::uint8_t flags = 0;
  std::uint32_t size = 0;     // bytes accessed; 0: a range or not an access. Of a call: a hash of the linkage
                              // name of the function whose frame it runs in, which tells instances apart
  std::int32_t file = 0;      // path as the compiler was given it
  std::int32_t function = 0;  // demangled, with scope
  std::int32_t expression = 0;   // the accessed expression as written: "account.balance", "v[i]", "*p"
  std::int32_t variable = 0;     // what was accessed: "counter" or "Account::balance"; of a call: where the
                                 // pointer to what it allocates is stored
  std::int32_t type = 0;         // its type: "int"
  std::int32_t declaration = 0;  // where it was declared: "file.cpp:12"
  std::int32_t capture = 0;      // how a lambda captured it: "by reference at file.cpp:20"; 0: it did not
  std::int32_t inlined_at = 0;   // offset to the site (kind inlined_call) this one was inlined into
  std::int32_t path = 0;         // how the accessed bytes lie in the variable; see below
  std::uint32_t ordinal = 0;     // how many earlier lines of the function have the same expression
};
static_assert(sizeof(site) == 56);

// site::path: the way from an object whose address a report may know to the accessed bytes, so that a report
// can number the elements. Seven words, set apart by tabs:
//     what the way starts at:  global  a variable of static storage duration
//                              object  what a pointer or a reference leads to
//                              vector  the first element of a std::vector
//                              none    nothing whose address a report could know: a local variable
//     the type of that object (of one element of a vector), and its size in bytes
//     bytes from there to what is accessed, as far as they are constant
//     the record that holds the accessed field, empty if the last step is none; and the field's offset in it
//     the expression, an index that is not constant as \x02 stride, count (0: unknown), text \x03
// Of a call of library code, type, declaration and capture are those of the object that it is made on, and
// path has four words:
//     what the call does to it:  object   works on it, and perhaps on its arguments
//                                sole     changes nothing but it
//                                lock     takes it, and works on something else
//                                unwritten  nobody wrote it: a defaulted member makes it
//                                touched  this site is an access of it, by code that is compiled elsewhere
//     its size in bytes, 0: unknown
//     the expression
//     the seven words of its own path, or nothing

// --- Frames ---------------------------------------------------------------------------------------------
// A linked list through the native stack: each instrumented function that makes calls keeps one, so a shadow
// stack needs no memory of its own, has no depth limit, and moves with its goroutine. Before each call the
// function stores the call's site; on entry it links itself, on return it restores the caller; it stores its
// own address again where control can come back from a frame that did not: landing pads, returns_twice
// calls, and calls of unknown code that may throw.
struct frame {
  frame* caller = nullptr;     // towards main; null at the root
  const site* call = nullptr;  // the call now in progress in this function; null: none yet
  std::uint32_t context =
      0;  // interned chain of calls that led here; 0: not interned yet (set to 0 on entry)
  std::uint32_t reserved = 0;
};
static_assert(sizeof(frame) == 24);

inline constexpr std::uint32_t no_set = ~std::uint32_t{0};  // no cell's bits

// --- Per OS thread --------------------------------------------------------------------------------------
// At gs:0 of every OS thread. gs, not a thread_local: its offset is a constant, so neither the address nor,
// across a call, the value can be cached by the compiler: a goroutine may come back on another thread.
struct hot_state {
  hot_state* self = nullptr;
  std::uint32_t window_base = 0;  // records of the running goroutine's current epoch: ids base … base+span-1
  std::uint32_t window_span = 0;
  frame* top = nullptr;              // innermost instrumented frame
  std::uint32_t epoch = 0;           // the running goroutine's; changes with each of its releases
  std::uint32_t known_set = no_set;  // a set of readers that a record of the window is in, with all bytes
};
static_assert(offsetof(hot_state, window_base) == 8 && offsetof(hot_state, window_span) == 12 &&
              offsetof(hot_state, top) == 16 && offsetof(hot_state, epoch) == 24 &&
              offsetof(hot_state, known_set) == 28);
inline constexpr unsigned gs_address_space = 256;  // LLVM's x86 address space for gs-relative pointers

// --- The inline check -----------------------------------------------------------------------------------
// "This goroutine, in this epoch, already recorded such an access of all these bytes": nothing can have been
// ordered after that access yet, so the record still stands or somebody reported against it.
//     4 bytes:    cell - window_base < window_span                     (unsigned; missing == 0 is implied)
//     8 bytes:    both cells equal, and the test above on one          (one 64-bit load)
//     1, 2 bytes: cell & (cell_id_mask | need << 28), then the same    (need: the bytes' mask in the granule)
// A read also passes where the cell, or both, are `known_set`: what several goroutines read is in one set
// mostly. Else call the hook. The cell is loaded as an unordered/monotonic atomic. Only for accesses whose
// natural alignment the compiler knows; others call the hook straight away.
constexpr bool inline_check(std::uint32_t cell, std::uint32_t base, std::uint32_t span) {
  return cell - base < span;
}

enum class atomic_operation : std::uint32_t {
  exchange,
  add,
  sub,
  bit_and,
  bit_or,
  bit_xor,
  bit_nand,
  max,
  min,
  umax,
  umin
};

}  // namespace snag::hooks

// --- The hooks ------------------------------------------------------------------------------------------
// Access hooks are called before the access, on the cold side of the inline check; preserve_most keeps them
// from costing the hot side registers. Orders are C11's numbers (0 relaxed, 1 consume, 2 acquire, 3 release,
// 4 acq_rel, 5 seq_cst). Atomics are performed by the hook: value and clock change together.
#if defined(__clang__)
#define SNAG_HOOK_COLD __attribute__((preserve_most))
#else
#define SNAG_HOOK_COLD
#endif

extern "C" {
// Called by a constructor of every instrumented module (translation unit).
void __snag_module_register(snag::hooks::site* begin, snag::hooks::site* end, std::uint32_t abi_version);

#define SNAG_ACCESS_HOOKS(HOOK) HOOK(1) HOOK(2) HOOK(4) HOOK(8) HOOK(16)
#define SNAG_DECLARE(N)                                                                       \
  SNAG_HOOK_COLD void __snag_read##N(const void* address, const snag::hooks::site*) noexcept; \
  SNAG_HOOK_COLD void __snag_write##N(const void* address, const snag::hooks::site*) noexcept;
SNAG_ACCESS_HOOKS(SNAG_DECLARE)
#undef SNAG_DECLARE
// Any size and alignment: odd sizes, unaligned accesses, mem* intrinsics, loops.
SNAG_HOOK_COLD void __snag_read_range(const void* address, std::size_t bytes,
                                      const snag::hooks::site*) noexcept;
SNAG_HOOK_COLD void __snag_write_range(const void* address, std::size_t bytes,
                                       const snag::hooks::site*) noexcept;
// Store of a vtable pointer: a write unless the value is already there.
SNAG_HOOK_COLD void __snag_vptr_write(void* address, const void* value, const snag::hooks::site*) noexcept;

// The end of a local variable whose address others may have: a write of its bytes. Called where the goroutine
// has released anything since the function began; before that nobody can know the address in good order.
SNAG_HOOK_COLD void __snag_scope_end(const void* variable, std::size_t bytes,
                                     const snag::hooks::site*) noexcept;

#define SNAG_ATOMIC_HOOKS(HOOK) \
  HOOK(8, std::uint8_t)         \
  HOOK(16, std::uint16_t) HOOK(32, std::uint32_t) HOOK(64, std::uint64_t) HOOK(128, unsigned __int128)
#define SNAG_DECLARE(BITS, T)                                                                              \
  T __snag_atomic##BITS##_load(const volatile T*, std::uint32_t order, const snag::hooks::site*) noexcept; \
  void __snag_atomic##BITS##_store(volatile T*, T value, std::uint32_t order,                              \
                                   const snag::hooks::site*) noexcept;                                     \
  T __snag_atomic##BITS##_update(volatile T*, T operand, std::uint32_t operation, std::uint32_t order,     \
                                 const snag::hooks::site*) noexcept; /* the old value */                   \
  T __snag_atomic##BITS##_compare_exchange(volatile T*, T expected, T desired, std::uint32_t success,      \
                                           std::uint32_t failure,                                          \
                                           const snag::hooks::site*) noexcept; /* the old value */
SNAG_ATOMIC_HOOKS(SNAG_DECLARE)
#undef SNAG_DECLARE
void __snag_fence(std::uint32_t order, const snag::hooks::site*) noexcept;
}
