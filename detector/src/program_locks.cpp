// SPDX-License-Identifier: Apache-2.0
#include "detector/src/program_locks.h"

#include <atomic>
#include <unordered_set>

#include "detector/src/internal_memory.h"
#include "detector/src/spin_lock.h"

extern "C" {
extern const char __executable_start, _end;  // the linker's
}

namespace snag::detector {
namespace {

using set = std::unordered_set<std::uint64_t, std::hash<std::uint64_t>, std::equal_to<>,
                               internal_allocator<std::uint64_t>>;

constinit spin_lock made_lock;
constinit std::atomic<set*> made_by_calls{nullptr};  // null as long as there is none

}  // namespace

bool is_global(std::uint64_t address) noexcept {
  const auto start = reinterpret_cast<std::uint64_t>(&__executable_start);
  return address - start < reinterpret_cast<std::uint64_t>(&_end) - start;
}

bool is_made_once(std::uint64_t lock) noexcept {
  if (!is_global(lock)) return false;
  const set* const made = made_by_calls.load(std::memory_order_acquire);
  if (made == nullptr) return true;
  const spin_guard guard(made_lock);
  return !made->contains(lock);
}

void note_made(std::uint64_t lock) noexcept {
  if (!is_global(lock)) return;
  const spin_guard guard(made_lock);
  set* made = made_by_calls.load(std::memory_order_relaxed);
  if (made == nullptr) {
    made = internal_new<set>();
    made_by_calls.store(made, std::memory_order_release);
  }
  made->insert(lock);
}

}  // namespace snag::detector
