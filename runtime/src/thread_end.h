// SPDX-License-Identifier: Apache-2.0
#pragma once
// The true end of an OS thread: after its start routine, the destructors of its thread_locals, and those of
// its pthread keys' values, all of which may use the primitives; before a join returns.
#include <cstdint>

namespace snag::detail {

struct thread_ending {
  void (*run)(thread_ending&) noexcept = nullptr;
  // Some are on the heap, and the next one in a thread_local. Whoever looks for pointers in memory shall not
  // take them for somebody who knows the thread's memory.
  std::uintptr_t complement_of_next = ~std::uintptr_t{0};

  thread_ending* next() const noexcept { return reinterpret_cast<thread_ending*>(~complement_of_next); }
  void set_next(thread_ending* e) noexcept { complement_of_next = ~reinterpret_cast<std::uintptr_t>(e); }
};

// To be done at the calling thread's end; the last one registered comes first. `e` stays in place until it
// has run. Not on the runtime's own threads.
void at_thread_end(thread_ending& e) noexcept;

}  // namespace snag::detail
