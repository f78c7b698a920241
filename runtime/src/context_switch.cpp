// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/context_switch.h"

#include <boost/context/detail/fcontext.hpp>
#include <cstring>

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

void probe_entry(fcontext::transfer_t arrived) {
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

}  // namespace

void* make_context(events::stack_bounds bounds, void (*entry)(arrival)) noexcept {
  // transfer_t and arrival have one layout; the function type is what fcontext calls through.
  static_assert(sizeof(arrival) == sizeof(fcontext::transfer_t));
  return fcontext::make_fcontext(
      bounds.high, static_cast<std::size_t>(bounds.high - bounds.low),
      reinterpret_cast<void (*)(fcontext::transfer_t)>(reinterpret_cast<void*>(entry)));
}

arrival jump(void* context, void* pass) noexcept {
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
  store(context, mxcsr_offset, control.mxcsr);
  store(context, x87_offset, control.x87);
}

suspended_frame frame_of(void* context) noexcept {
  return {load<const void*>(context, rbp_offset), load<const void*>(context, pc_offset)};
}

}  // namespace snag::detail
