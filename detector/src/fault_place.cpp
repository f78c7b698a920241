// SPDX-License-Identifier: Apache-2.0
#include "detector/src/fault_place.h"

#include "detector/hooks.h"
#include "detector/src/address_space.h"

namespace snag::detector {
namespace {

constexpr std::uint64_t largest_offset = 1 << 16;  // of a field from the pointer that a register holds
constexpr std::uint64_t largest_frame = 1 << 16;

constexpr std::uint64_t distance(std::uint64_t a, std::uint64_t b) { return a < b ? b - a : a - b; }

// Whether the program was about to use an address at or near this one.
bool in_a_register(std::uint64_t address, const ucontext_t& context) {
  for (int r = REG_R8; r <= REG_RCX; ++r)
    if (distance(static_cast<std::uint64_t>(context.uc_mcontext.gregs[r]), address) < largest_offset)
      return true;
  return false;
}

std::uint64_t out_of_shadow(std::uint64_t address, const ucontext_t& context) {
  if (in_program(address)) return address;
  for (const std::uint64_t plane : {hooks::write_plane, hooks::read_plane})
    if (in_a_register(address ^ plane, context)) return address ^ plane;
  return address;
}

}  // namespace

fault_place place_of_fault(const siginfo_t& info, const ucontext_t& context) noexcept {
  const auto address = reinterpret_cast<std::uint64_t>(info.si_addr);
  const auto stack_pointer = static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RSP]);
  if (info.si_signo != SIGSEGV && info.si_signo != SIGBUS) return {address, false};
  return {out_of_shadow(address, context), distance(address, stack_pointer) < largest_frame};
}

}  // namespace snag::detector
