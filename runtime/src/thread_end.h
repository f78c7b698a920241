// SPDX-License-Identifier: Apache-2.0
#pragma once
// The true end of an OS thread: after its start routine, the destructors of its thread_locals, and those of
// its pthread keys' values, all of which may use the primitives; before a join returns.
#include <cstdint>

namespace snag::detail {

struct thread_ending {
  void (*run)(thread_ending&) noexcept = nullptr;
  // Of the next one, which may be a thread_local: who looks for pointers in memory shall not take this for
  // somebody who knows the thread.
  std::uintptr_t complement_of_next = ~std::uintptr_t{0};
};

// To be done at the calling thread's end; the last one registered comes first. `e` stays in place until it
// has run. Not on the runtime's own threads.
void at_thread_end(thread_ending& e) noexcept;

}  // namespace snag::detail
