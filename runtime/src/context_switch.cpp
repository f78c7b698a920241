// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/context_switch.h"

#include <boost/context/detail/fcontext.hpp>
#include <cstring>
#include <new>

namespace snag::detail {
namespace {

namespace fcontext = boost::context::detail;

// Boost 1.81, jump_x86_64_sysv_elf_gas.S: from the saved stack pointer upwards.
constexpr std::size_t mxcsr_offset = 0x00;
constexpr std::size_t x87_offset = 0x04;
constexpr std::size_t rbp_offset = 0x38;
constexpr std::size_t pc_offset = 0x40;
constexpr std::uint32_t status_flags = 0x3f;

// A reference copy-in and -out through memcpy: contexts are raw stack memory.
template <class T>
T load(const void* context, std::size_t offset) noexcept {
  T value;
  std::memcpy(&value, static_cast<const std::byte*>(context) + offset, sizeof value);
  return value;
}
template <class T>
void store(void* context, std::size_t offset, T value) noexcept {
  std::memcpy(static_cast<std::byte*>(context) + offset, &value, sizeof value);
}

std::uint32_t read_mxcsr() noexcept { return __builtin_ia32_stmxcsr(); }

SNAG_UNSANITIZED void probe_entry(fcontext::transfer_t arrived) {
  // Suspend once more, so that the prober can look at what a jump (not a make) saves.
  arrived = fcontext::jump_fcontext(arrived.fctx, nullptr);
  fcontext::jump_fcontext(arrived.fctx, nullptr);
}

// Sets two different status flags around a suspension and looks for them where they should be.
bool find_mxcsr() noexcept {
  alignas(64) static std::byte stack[4096];
  const std::uint32_t before = read_mxcsr();
  bool found = true;
  for (const std::uint32_t flag : {0x20u, 0x10u}) {
    void* probe = fcontext::make_fcontext(stack + sizeof stack, sizeof stack, probe_entry);
    __builtin_ia32_ldmxcsr((before & ~status_flags) | flag);
    store(probe, mxcsr_offset, read_mxcsr());
    const auto suspended = fcontext::jump_fcontext(probe, nullptr);
    found = found && load<std::uint32_t>(suspended.fctx, mxcsr_offset) == ((before & ~status_flags) | flag);
  }
  __builtin_ia32_ldmxcsr(before);
  return found;
}
const bool mxcsr_found = find_mxcsr();

void* make_plain(events::stack_bounds bounds, void (*entry)(arrival)) noexcept {
  // transfer_t and arrival have one layout; the function type is what fcontext calls through.
  static_assert(sizeof(arrival) == sizeof(fcontext::transfer_t));
  void* made = fcontext::make_fcontext(
      bounds.high, static_cast<std::size_t>(bounds.high - bounds.low),
      reinterpret_cast<void (*)(fcontext::transfer_t)>(reinterpret_cast<void*>(entry)));
  // Boost pushes this word as entry's return address. Zero ends every walk of the stack, be it by frame
  // pointers or by unwind tables; returning from entry would end the process there anyway.
  store<const void*>(made, rbp_offset, nullptr);
  return made;
}

[[gnu::always_inline]] inline arrival jump_plain(void* context, void* pass) noexcept {
  if (mxcsr_found) [[likely]] {
    // The branch is not for the store's sake: without it the load of MXCSR would wait for this one's result.
    const std::uint32_t theirs = load<std::uint32_t>(context, mxcsr_offset);
    const std::uint32_t differing = (theirs ^ read_mxcsr()) & status_flags;
    if (differing != 0) [[unlikely]]
      store(context, mxcsr_offset, theirs ^ differing);
  }
  // A call whose return address is pushed by hand. jump_fcontext leaves by a jump, not a return, so a real
  // call would leave one entry too many in the CPU's stack of predicted returns, and every return from here
  // up to the goroutine's own function would be mispredicted (10 ns for the first alone). This way they fit:
  // the other context left through the same functions. The red zone of the caller is stepped over.
  void* left;
  void* passed;
  asm volatile(
      "leaq -128(%%rsp), %%rsp\n\t"
      "leaq 1f(%%rip), %%rcx\n\t"
      "pushq %%rcx\n\t"
      "jmp jump_fcontext@PLT\n"
      "1:\n\t"
      "leaq 128(%%rsp), %%rsp"
      : "=a"(left), "=d"(passed), "+D"(context), "+S"(pass)
      :
      : "rcx", "r8", "r9", "r10", "r11", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
        "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "memory", "cc");
  return {left, passed};
}

}  // namespace

#if SNAG_ADDRESS_SANITIZER || SNAG_THREAD_SANITIZER
namespace {

// What a context is in such a build: kept in its own frame while it is suspended, and at the top of its
// stack until it is first entered.
struct suspended {
  void* plain = nullptr;  // fcontext's own
  void* fiber = nullptr;
  void* fake_stack = nullptr;
  const void* low = nullptr;
  std::size_t size = 0;
  void (*entry)(arrival) = nullptr;
  unsigned forks = 0;  // as many as there were when it was left
};
struct message {
  suspended* from;
  suspended* to;
  void* pass;
};

void* plain(void* context) noexcept { return static_cast<suspended*>(context)->plain; }

constinit unsigned forks = 0;  // between the program's start and this process

// Last thing on the stack that is left, and first thing on the one that was entered.
[[gnu::always_inline]] inline void tell_leaving(suspended& from, const suspended& to,
                                                bool for_good) noexcept {
#if SNAG_ADDRESS_SANITIZER
  __sanitizer_start_switch_fiber(for_good ? nullptr : &from.fake_stack, to.low, to.size);
#endif
#if SNAG_THREAD_SANITIZER
  from.fiber = __tsan_get_current_fiber();
  // With the order that the thread gives them: park's commit unlocks what the parked one locked.
  __tsan_switch_to_fiber(to.fiber, 0);
  // In the child of a fork ThreadSanitizer ignores what the one that forked does, and whoever is new. Those
  // that were there before have to be ignored with them, or they race with what was not seen.
  from.forks = forks;
  if (to.forks != forks) {
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);  // and writes
    AnnotateIgnoreSyncBegin(__FILE__, __LINE__);
  }
#endif
}
[[gnu::always_inline]] inline arrival tell_arrived(arrival arrived) noexcept {
  const message& m = *static_cast<message*>(arrived.passed);
  m.from->plain = arrived.left;
#if SNAG_ADDRESS_SANITIZER
  __sanitizer_finish_switch_fiber(m.to->fake_stack, &m.from->low, &m.from->size);
#endif
  return {m.from, m.pass};
}

SNAG_UNSANITIZED void first_entry(arrival arrived) noexcept {
  asm volatile(".cfi_undefined rip");
  void (*const entry)(arrival) = static_cast<message*>(arrived.passed)->to->entry;
  entry(tell_arrived(arrived));
  __builtin_unreachable();
}

[[gnu::always_inline]] inline arrival jump_telling(void* context, void* pass, bool for_good) noexcept {
  auto& to = *static_cast<suspended*>(context);
  suspended from;
  message m{&from, &to, pass};
  tell_leaving(from, to, for_good);
  return tell_arrived(jump_plain(to.plain, &m));
}

}  // namespace

SNAG_UNSANITIZED void* make_context(events::stack_bounds bounds, void (*entry)(arrival)) noexcept {
  constexpr std::size_t place = (sizeof(suspended) + 63) & ~std::size_t{63};
  auto* made = new (bounds.high - place) suspended;
  made->plain = make_plain({bounds.low, bounds.high - place}, first_entry);
  made->low = bounds.low;
  made->size = static_cast<std::size_t>(bounds.high - bounds.low);
  made->entry = entry;
#if SNAG_THREAD_SANITIZER
  made->fiber = __tsan_create_fiber(0);
  made->forks = forks;
#endif
  return made;
}

SNAG_UNSANITIZED arrival jump(void* context, void* pass) noexcept {
  return jump_telling(context, pass, false);
}
SNAG_UNSANITIZED void jump_for_good(void* context, void* pass) noexcept {
  jump_telling(context, pass, true);
  __builtin_unreachable();
}

SNAG_UNSANITIZED void forget_context(void* context) noexcept {
  const suspended left = *static_cast<suspended*>(context);
#if SNAG_ADDRESS_SANITIZER
  __asan_unpoison_memory_region(left.low, left.size);
#endif
#if SNAG_THREAD_SANITIZER
  __tsan_destroy_fiber(left.fiber);
#endif
}

void contexts_forked() noexcept { ++forks; }
#else
static void* plain(void* context) noexcept { return context; }
void* make_context(events::stack_bounds bounds, void (*entry)(arrival)) noexcept {
  return make_plain(bounds, entry);
}
arrival jump(void* context, void* pass) noexcept { return jump_plain(context, pass); }
void jump_for_good(void* context, void* pass) noexcept {
  jump(context, pass);
  __builtin_unreachable();
}
#endif

fp_control read_fp_control() noexcept {
  std::uint16_t x87;
  asm("fnstcw %0" : "=m"(x87));
  return {read_mxcsr(), x87};
}

void load_fp_control(fp_control control) noexcept {
  const std::uint32_t now = read_mxcsr();
  if (((now ^ control.mxcsr) & ~status_flags) != 0)
    __builtin_ia32_ldmxcsr((control.mxcsr & ~status_flags) | (now & status_flags));
  asm volatile("fldcw %0" : : "m"(control.x87));
}

void set_fp_control(void* context, fp_control control) noexcept {
  if (!mxcsr_found) return;
  store(plain(context), mxcsr_offset, control.mxcsr);
  store(plain(context), x87_offset, control.x87);
}

suspended_frame frame_of(void* context) noexcept {
  const void* saved = plain(context);
  if (saved == nullptr) return {};  // a dump came between, in a sanitizer's build: it is about to run
  return {load<const void*>(saved, rbp_offset), load<const void*>(saved, pc_offset)};
}

}  // namespace snag::detail
