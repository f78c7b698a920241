// SPDX-License-Identifier: Apache-2.0
// Thread-safe statics: the end of the initialiser happens before every use ([stmt.dcl]). The compiler tests
// the guard's first byte with an acquire load, which is instrumented as any atomic, and calls
// __cxa_guard_acquire only if it is unset; so the initialiser's end is a release store to that byte, and both
// ways of finding it set acquire from it. Interposed over libstdc++'s own functions, which do the waiting.
#include <dlfcn.h>

#include <atomic>

#include "detector/src/atomic_order.h"
#include "detector/src/entry.h"

namespace snag::detector {
namespace {

using acquire_function = int (*)(void*);
using end_function = void (*)(void*);

template <class Function>
Function real(std::atomic<Function>& known, const char* name) noexcept {
  Function f = known.load(std::memory_order_acquire);
  if (f) [[likely]]
    return f;
  f = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
  if (!f) internal_error("thread-safe statics need the shared libstdc++: link without -static-libstdc++");
  known.store(f, std::memory_order_release);
  return f;
}

constinit std::atomic<acquire_function> real_acquire{nullptr};
constinit std::atomic<end_function> real_release{nullptr}, real_abort{nullptr};

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

int __cxa_guard_acquire(void* guard) {
  const int initialise = real(real_acquire, "__cxa_guard_acquire")(guard);
  guard_acquired(guard);  // also when it is ours to initialise: another's attempt may have failed
  return initialise;
}
void __cxa_guard_release(void* guard) noexcept {
  guard_released(guard);
  real(real_release, "__cxa_guard_release")(guard);
}
void __cxa_guard_abort(void* guard) noexcept {
  guard_released(guard);
  real(real_abort, "__cxa_guard_abort")(guard);
}
}
