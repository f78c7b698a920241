// SPDX-License-Identifier: Apache-2.0
// Hooks that log. Compiled without the plugin and linked into the programs under test instead of the
// detector. The shadow is mapped as the real one is, but holds only what window_open() puts there. Every call
// walks the frames and aborts if one does not lie in the stack above its callee.
#include "logging_hooks.h"

#include <asm/prctl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

#include "detector/check_stubs.h"
#include "detector/hooks.h"

namespace {

using snag::hooks::frame;
using snag::hooks::hot_state;
using snag::hooks::site;
using snag::hooks::site_kind;

struct zone {
  std::uintptr_t begin, end;
};
constexpr zone zones[] = {
    {0, 1ull << 44}, {0x550000000000, 0x580000000000}, {0x780000000000, 0x800000000000}};

std::atomic<bool> logging = false;
std::atomic<unsigned long> calls = 0;
std::atomic<std::uint32_t> next_window = 1;
std::recursive_mutex output;
zone object = {0, 0};
thread_local bool remembering = false;
thread_local std::uintptr_t stack_top = 0;

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "logging hooks: %s\n", what);
  std::abort();
}

void map_shadow() {
  for (const zone& z : zones)
    for (const std::uint64_t plane : {snag::hooks::write_plane, snag::hooks::read_plane}) {
      void* at = reinterpret_cast<void*>(z.begin ^ (plane & ~(snag::hooks::plane_block - 1)));
      void* got = mmap(at, z.end - z.begin, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
      if (got != at) fail("cannot map the shadow");
    }
}

hot_state* hot() {
  hot_state* self;
  asm volatile("movq %%gs:0, %0" : "=r"(self));
  return self;
}

void install(frame* top) {
  auto* state = new hot_state;
  state->self = state;
  state->top = top;
  if (syscall(SYS_arch_prctl, ARCH_SET_GS, state) != 0) fail("arch_prctl");
}

void find_stack() {
  pthread_attr_t attributes;
  void* low = nullptr;
  std::size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) fail("pthread_getattr_np");
  pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_destroy(&attributes);
  stack_top = reinterpret_cast<std::uintptr_t>(low) + size;
}

void start() {
  static const bool started = (map_shadow(), find_stack(), install(nullptr), true);
  (void)started;
}

const char* text(const std::int32_t& field) {
  return field == 0 ? "" : reinterpret_cast<const char*>(&field) + field;
}

const char* file_name(const site& s) {
  const char* path = text(s.file);
  const char* slash = std::strrchr(path, '/');
  return slash == nullptr ? path : slash + 1;
}

// Of the last word.
std::string without_directories(std::string words) {
  const std::size_t slash = words.rfind('/'), space = words.rfind(' ');
  if (slash == std::string::npos) return words;
  const std::size_t word = space == std::string::npos || space > slash ? 0 : space + 1;
  return words.erase(word, slash + 1 - word);
}

std::string function_name(const site& s) {
  std::string name = text(s.function);
  return name.substr(0, name.find('('));
}

const site* inlined_at(const site& s) {
  return s.inlined_at == 0
             ? nullptr
             : reinterpret_cast<const site*>(reinterpret_cast<const char*>(&s.inlined_at) + s.inlined_at);
}

void print_place(const site& s) {
  std::printf(" %s:%u in %s", file_name(s), s.line, function_name(s).c_str());
}

void print_calls(const site* s) {
  for (; s != nullptr; s = inlined_at(*s)) {
    std::printf(" <");
    if (*text(s->expression)) std::printf(" `%s`", text(s->expression));
    if (s->flags & snag::hooks::site_runtime) std::printf(" (runtime)");
    if (s->flags & snag::hooks::site_calls_runtime) std::printf(" (calls runtime)");
    if (s->flags & snag::hooks::site_frees) std::printf(" (frees)");
    print_place(*s);
  }
}

unsigned walk_frames(void (*visit)(const frame&)) {
  unsigned depth = 0;
  auto below = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  for (const frame* f = hot()->top; f != nullptr; f = f->caller) {
    const auto at = reinterpret_cast<std::uintptr_t>(f);
    if (at <= below || at >= stack_top || at % 8 != 0) fail("a frame is not in the stack above its callee");
    below = at;
    ++depth;
    visit(*f);
  }
  return depth;
}

void ignore(const frame&) {}

void log(const char* operation, const volatile void* address, std::size_t bytes, const site* s) {
  start();
  walk_frames(ignore);
  calls.fetch_add(1, std::memory_order_relaxed);
  if (!logging) return;
  const std::lock_guard lock(output);
  std::printf("%s %zu", operation, bytes);
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  if (at >= object.begin && at < object.end) std::printf(" +%zu", at - object.begin);
  if (*text(s->variable)) std::printf(" %s", text(s->variable));
  if (*text(s->expression)) std::printf(" `%s`", text(s->expression));
  if (*text(s->type)) std::printf(" type=%s", text(s->type));
  if (*text(s->declaration)) std::printf(" declared=%s", without_directories(text(s->declaration)).c_str());
  if (*text(s->capture)) std::printf(" captured=[%s]", without_directories(text(s->capture)).c_str());
  if (s->flags & snag::hooks::site_runtime) std::printf(" (runtime)");
  if (s->flags & snag::hooks::site_read_before) std::printf(" (read before)");
  std::printf(" at");
  print_place(*s);
  print_calls(inlined_at(*s));
  const frame* calling = hot()->top;
  if (!(s->flags & snag::hooks::site_leaf) && calling != nullptr) calling = calling->caller;
  for (; calling != nullptr; calling = calling->caller) print_calls(calling->call);
  std::printf("\n");
  std::fflush(stdout);
}

// The same address arithmetic as the plugin's, written independently. A granule that was recorded by two
// accesses of one epoch stands for the bytes of both.
void set_cells(const void* address, std::size_t bytes, std::uint64_t plane, std::uint32_t id) {
  auto a = reinterpret_cast<std::uintptr_t>(address);
  for (const std::uintptr_t end = a + bytes; a < end;) {
    const std::uintptr_t granule = a & ~std::uintptr_t{3};
    std::uint32_t missing = 0;
    for (unsigned k = 0; k < 4; ++k)
      if (granule + k < a || granule + k >= end) missing |= 1u << k;
    auto* cell = reinterpret_cast<std::uint32_t*>(granule ^ plane);
    if ((*cell & snag::hooks::cell_id_mask) == id) missing &= *cell >> snag::hooks::cell_id_bits;
    *cell = id == 0 ? 0 : id | missing << snag::hooks::cell_id_bits;
    a = granule + 4;
  }
}

void remember(const void* address, std::size_t bytes, bool write) {
  if (!remembering) return;
  set_cells(address, bytes, write ? snag::hooks::write_plane : snag::hooks::read_plane, hot()->window_base);
}

void access(const char* operation, const void* address, std::size_t bytes, bool write, const site* s) {
  if (bytes == 0) return;
  log(operation, address, bytes, s);
  remember(address, bytes, write);
}

template <class T>
T updated(T old, T operand, snag::hooks::atomic_operation operation) {
  using enum snag::hooks::atomic_operation;
  using S = std::conditional_t<sizeof(T) == 16, __int128, T>;
  switch (operation) {
    case exchange:
      return operand;
    case add:
      return old + operand;
    case sub:
      return old - operand;
    case bit_and:
      return old & operand;
    case bit_or:
      return old | operand;
    case bit_xor:
      return old ^ operand;
    case bit_nand:
      return static_cast<T>(~(old & operand));
    case umax:
      return old > operand ? old : operand;
    case umin:
      return old < operand ? old : operand;
    case max:
    case min: {
      bool less;
      if constexpr (sizeof(T) == 16)
        less = static_cast<S>(old) < static_cast<S>(operand);
      else
        less = static_cast<std::make_signed_t<T>>(old) < static_cast<std::make_signed_t<T>>(operand);
      return less == (operation == max) ? operand : old;
    }
  }
  fail("unknown atomic operation");
}

std::recursive_mutex atomics;

struct thread_start {
  void* (*run)(void*);
  void* argument;
};

}  // namespace

extern "C" {

__attribute__((visibility("default"))) void __snag_module_register(site* begin, site* end,
                                                                   std::uint32_t abi) {
  start();
  if (abi != snag::hooks::abi_version) {
    std::fprintf(stderr, "module of version %u\n", abi);
    std::exit(3);
  }
  for (site* s = begin; s != end; ++s) {
    if (s->id != 0) fail("a site was registered twice");
    s->id = 1;
  }
}

#define SNAG_DEFINE(N)                                                                                      \
  SNAG_HOOK_COLD void __snag_read##N(const void* a, const site* s) noexcept {                               \
    if (reinterpret_cast<std::uintptr_t>(a) % N != 0) fail("unaligned address in a hook for aligned ones"); \
    access("read", a, N, false, s);                                                                         \
  }                                                                                                         \
  SNAG_HOOK_COLD void __snag_write##N(const void* a, const site* s) noexcept {                              \
    if (reinterpret_cast<std::uintptr_t>(a) % N != 0) fail("unaligned address in a hook for aligned ones"); \
    access("write", a, N, true, s);                                                                         \
  }
SNAG_ACCESS_HOOKS(SNAG_DEFINE)
#undef SNAG_DEFINE

SNAG_HOOK_COLD void __snag_read_range(const void* a, std::size_t bytes, const site* s) noexcept {
  access("read range", a, bytes, false, s);
}
SNAG_HOOK_COLD void __snag_write_range(const void* a, std::size_t bytes, const site* s) noexcept {
  access("write range", a, bytes, true, s);
}
SNAG_HOOK_COLD void __snag_vptr_write(void* a, const void*, const site* s) noexcept {
  access("vptr write", a, sizeof(void*), true, s);
}
SNAG_HOOK_COLD void __snag_scope_end(const void* a, std::size_t bytes, const site* s) noexcept {
  log("end of scope", a, bytes, s);
}

#define SNAG_DEFINE(BITS, T)                                                                        \
  T __snag_atomic##BITS##_load(const volatile T* p, std::uint32_t order, const site* s) noexcept {  \
    const std::lock_guard lock(atomics);                                                            \
    log(order == 0 ? "atomic load relaxed" : "atomic load", p, BITS / 8, s);                        \
    return *p;                                                                                      \
  }                                                                                                 \
  void __snag_atomic##BITS##_store(volatile T* p, T value, std::uint32_t, const site* s) noexcept { \
    const std::lock_guard lock(atomics);                                                            \
    log("atomic store", p, BITS / 8, s);                                                            \
    *p = value;                                                                                     \
  }                                                                                                 \
  T __snag_atomic##BITS##_update(volatile T* p, T operand, std::uint32_t operation, std::uint32_t,  \
                                 const site* s) noexcept {                                          \
    const std::lock_guard lock(atomics);                                                            \
    log("atomic update", p, BITS / 8, s);                                                           \
    const T old = *p;                                                                               \
    *p = updated<T>(old, operand, static_cast<snag::hooks::atomic_operation>(operation));           \
    return old;                                                                                     \
  }                                                                                                 \
  T __snag_atomic##BITS##_compare_exchange(volatile T* p, T expected, T desired, std::uint32_t,     \
                                           std::uint32_t, const site* s) noexcept {                 \
    const std::lock_guard lock(atomics);                                                            \
    log("atomic compare exchange", p, BITS / 8, s);                                                 \
    const T old = *p;                                                                               \
    if (old == expected) *p = desired;                                                              \
    return old;                                                                                     \
  }
SNAG_ATOMIC_HOOKS(SNAG_DEFINE)
#undef SNAG_DEFINE

void __snag_fence(std::uint32_t, const site* s) noexcept { log("fence", nullptr, 0, s); }

void log_begin() {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  calls = 0;
  logging = true;
}
void log_end() { logging = false; }
void log_object(const void* begin, unsigned long bytes) {
  object.begin = reinterpret_cast<std::uintptr_t>(begin);
  object.end = object.begin + bytes;
}
unsigned long log_count() { return calls; }
unsigned log_depth() { return walk_frames(ignore); }

void log_stack(const char* why) {
  const std::lock_guard lock(output);
  std::printf("stack %s:", why);
  walk_frames([](const frame& f) { print_calls(f.call); });
  std::printf("\n");
}

void window_open() {
  remembering = true;
  window_next();
}
void new_epoch(void) { ++hot()->epoch; }

void window_next() {
  hot()->window_base = next_window.fetch_add(1);
  hot()->window_span = 1;
}
void forget(const void* address, unsigned long bytes) {
  set_cells(address, bytes, snag::hooks::write_plane, 0);
  set_cells(address, bytes, snag::hooks::read_plane, 0);
}
void migrate() {
  frame* top = hot()->top;
  hot()->top = nullptr;
  install(top);
  if (remembering) window_next();
}

// Threads of the program get a hot state before their first instruction.
int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*), void* argument) {
  using function = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto real = reinterpret_cast<function>(dlsym(RTLD_NEXT, "pthread_create"));
  return real(
      thread, attributes,
      [](void* p) -> void* {
        const thread_start work = *static_cast<thread_start*>(p);
        delete static_cast<thread_start*>(p);
        find_stack();
        install(nullptr);
        return work.run(work.argument);
      },
      new thread_start{run, argument});
}
}
