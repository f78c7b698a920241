// SPDX-License-Identifier: Apache-2.0
#include "detector/src/kernel_wait.h"

#include "detector/src/interpose.h"
#include "detector/src/thread_state.h"
#include "detector/src/world.h"

namespace snag::detector {
namespace {

void set(const std::byte* stack_pointer) noexcept {
  if (!interposers_open()) return;
  thread_state& t = this_thread();
  t.kernel_wait.store(stack_pointer, std::memory_order_release);
  // Who stops the world has seen that, or is waited for: going in, too, since it would send a signal.
  world.wait_outside();
}

}  // namespace

kernel_wait::kernel_wait(const std::byte* stack_pointer) noexcept {
  if (watching()) set(stack_pointer);
}
kernel_wait::~kernel_wait() { set(nullptr); }

kernel_wait_interrupted::kernel_wait_interrupted() noexcept
    : before_(this_thread().kernel_wait.load(std::memory_order_relaxed)) {
  if (before_ != nullptr) set(nullptr);
}
kernel_wait_interrupted::~kernel_wait_interrupted() {
  if (before_ != nullptr) set(before_);
}

}  // namespace snag::detector
