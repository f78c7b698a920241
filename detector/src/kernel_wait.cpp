// SPDX-License-Identifier: Apache-2.0
// What the kernel does for the program, as far as whoever stops it has to know: who waits there, and what
// pointers it keeps.
#include "detector/src/kept_by_kernel.h"
#include "detector/src/race.h"
#include "detector/src/spin_lock.h"
#include "detector/src/thread_state.h"
#include "detector/src/world.h"

namespace snag::detector {

const std::byte* note_kernel_wait(const std::byte* stack_pointer) noexcept {
  const std::byte* const before =
      this_thread().kernel_wait.exchange(stack_pointer, std::memory_order_acq_rel);
  // Whoever stops the world has seen that, or is waited for: going in, too, since it would send a signal.
  world.wait_outside();
  return before;
}

namespace {

struct kept_words {
  unordered_map<std::uint64_t, bool> known;
  vector<std::uint64_t> list;
};
constinit spin_lock lock;
constinit kept_words* words = nullptr;  // guarded by lock; never destroyed

constexpr std::uint64_t lowest_pointer = 0x10000;  // vm.mmap_min_addr; below: a descriptor, most often

}  // namespace

void note_kept_by_kernel(std::uint64_t word) noexcept {
  if (word < lowest_pointer) return;
  const core_scope inside(this_thread());
  const spin_guard guard(lock);
  if (words == nullptr) words = internal_new<kept_words>();
  if (words->known.emplace(word, true).second) words->list.push_back(word);
}

std::span<const std::uint64_t> kept_by_kernel() noexcept {
  if (words == nullptr) return {};
  return {words->list.data(), words->list.size()};
}

}  // namespace snag::detector
