// SPDX-License-Identifier: Apache-2.0
// Also sigaltstack: the checks of a single access, and the kernel's frame, already fill the smallest stack
// that the kernel accepts. One below SIGSTKSZ is accepted, answered to queries, and another put in its place.
#include "detector/src/roomy_stack.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

#include "detector/src/interpose.h"
#include "detector/src/raw_io.h"
#include "detector/src/raw_signals.h"

namespace snag::detector {
namespace {

constexpr std::size_t report_room = 64 * 1024, spare_size = 256 * 1024;
constexpr std::size_t least_accepted = 2048, least_used = 8192, stand_in_size = 64 * 1024;

constinit std::atomic<void*> spare{nullptr};

int kernel_sigaltstack(const stack_t* wanted, stack_t* old) {
  return static_cast<int>(syscall(SYS_sigaltstack, wanted, old));
}

// Saved registers of the caller stay where they are: on the stack that is left.
[[gnu::noinline]] void call_on(char* top, void (*work)(void*), void* argument) {
  asm volatile(
      "movq %%rsp, %%rbx\n\t"
      "movq %[top], %%rsp\n\t"
      "callq *%[work]\n\t"
      "movq %%rbx, %%rsp"
      : "+D"(argument)
      : [top] "r"(top), [work] "r"(work)
      : "rax", "rbx", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4",
        "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15",
        "memory", "cc");
}

bool is_cramped() {
  stack_t now{};
  if (kernel_sigaltstack(nullptr, &now) != 0 || (now.ss_flags & SS_ONSTACK) == 0) return false;
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  return here - reinterpret_cast<std::uintptr_t>(now.ss_sp) < report_room;
}

// What the program believes to be its alternative stack, while `memory` is.
struct stand_in {
  void* memory = nullptr;
  stack_t wanted{};
};
constinit thread_local stand_in instead{};

}  // namespace

void call_with_room(void (*work)(void*), void* argument) noexcept {
  void* memory = nullptr;
  if (!is_cramped() ||
      ((memory = spare.exchange(nullptr)) == nullptr && (memory = raw_map(spare_size)) == nullptr))
    return work(argument);
  // To the kernel the alternative stack is free now: the next handler would start at its top.
  const signal_bits before = exchange_signal_mask(all_signals);
  call_on(static_cast<char*>(memory) + spare_size, work, argument);
  exchange_signal_mask(before);
  if (void* const other = spare.exchange(memory)) raw_unmap(other, spare_size);
}

void forget_stand_in_stack() noexcept {
  if (instead.memory == nullptr) return;
  stack_t present{};
  if (kernel_sigaltstack(nullptr, &present) == 0 && present.ss_sp == instead.memory) {
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    kernel_sigaltstack(&none, nullptr);
  }
  raw_unmap(instead.memory, stand_in_size);
  instead = {};
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" int sigaltstack(const stack_t* wanted, stack_t* old) noexcept {
  if (!interposers_open()) return kernel_sigaltstack(wanted, old);
  stack_t installed{}, before{};
  if (kernel_sigaltstack(nullptr, &before) != 0) return -1;
  if (instead.memory != nullptr && before.ss_sp == instead.memory) {
    before.ss_sp = instead.wanted.ss_sp;
    before.ss_size = instead.wanted.ss_size;
  }
  if (wanted != nullptr) {
    installed = *wanted;
    const bool small = (wanted->ss_flags & SS_DISABLE) == 0 && wanted->ss_size >= least_accepted &&
                       wanted->ss_size < least_used;
    if (small && instead.memory == nullptr) instead.memory = raw_map(stand_in_size);
    if (small && instead.memory != nullptr) {
      installed.ss_sp = instead.memory;
      installed.ss_size = stand_in_size;
    }
    if (kernel_sigaltstack(&installed, nullptr) != 0) return -1;
    if (small) instead.wanted = *wanted;
  }
  if (old != nullptr) *old = before;
  return 0;
}
