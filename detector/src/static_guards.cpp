// SPDX-License-Identifier: Apache-2.0
// Thread-safe statics: the end of the initialiser happens before every use ([stmt.dcl]). The compiler tests
// the guard's first byte with an acquire load, which is instrumented as any atomic, and calls
// __cxa_guard_acquire only if it is unset; so the initialiser's end is a release store to that byte, and both
// ways of finding it set acquire from it. Stands in front of the runtime's functions, which do the waiting.
#include "detector/src/atomic_order.h"
#include "detector/src/entry.h"

namespace snag::detector {
namespace {

void guard_acquired(const void* guard) noexcept {
  thread_state& t = this_thread();
  const entry_scope scope(t);
  if (!scope) return;
  const locked_atomic object(reinterpret_cast<std::uint64_t>(guard), 1);
  order_load(*t.actor, object, memory_order::acquire);
}

void guard_released(const void* guard) noexcept {
  thread_state& t = this_thread();
  const entry_scope scope(t);
  if (!scope) return;
  locked_atomic object(reinterpret_cast<std::uint64_t>(guard), 1);
  order_store(*t.actor, object, memory_order::release);
}

}  // namespace
}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

// The runtime's (runtime/src/posix/static_guards.cpp).
int snag_guard_acquire(void* guard);
void snag_guard_release(void* guard) noexcept;
void snag_guard_abort(void* guard) noexcept;

int __cxa_guard_acquire(void* guard) {
  const int initialise = snag_guard_acquire(guard);
  guard_acquired(guard);  // also when it is ours to initialise: another's attempt may have failed
  return initialise;
}
void __cxa_guard_release(void* guard) noexcept {
  guard_released(guard);
  snag_guard_release(guard);
}
void __cxa_guard_abort(void* guard) noexcept {
  guard_released(guard);
  snag_guard_abort(guard);
}
}
