// SPDX-License-Identifier: Apache-2.0
// Thread-safe statics (Itanium C++ ABI, 3.3.3). The compiler's fast path is an acquiring load of the guard's
// first byte, which the hooks see; the release that it reads from is done inside libstdc++. So that release
// is ours: the guard gets the clock of whoever initialised, before its value says so.
#include <cxxabi.h>
#include <dlfcn.h>

#include "detector/src/address_space.h"
#include "detector/src/atomic_order.h"
#include "detector/src/entry.h"

namespace snag::detector {
namespace {

using guard = abi::__guard;

template <class F>
F* next(std::atomic<F*>& known, const char* name) noexcept {
  F* f = known.load(std::memory_order_relaxed);
  if (!f) {
    f = reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
    known.store(f, std::memory_order_relaxed);
  }
  return f;
}

constinit std::atomic<int (*)(guard*)> real_acquire{nullptr};
constinit std::atomic<void (*)(guard*)> real_release{nullptr};

}  // namespace
}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

int __cxa_guard_acquire(guard* g) {
  const int must_initialise = next(real_acquire, "__cxa_guard_acquire")(g);
  if (must_initialise != 0) return must_initialise;
  thread_state& t = this_thread();
  const entry_scope scope(t);
  const auto address = reinterpret_cast<std::uint64_t>(g);
  if (!scope || !in_program(address)) return 0;
  const locked_atomic object(address, 1);
  order_load(*t.actor, object, memory_order::acquire);
  return 0;
}

void __cxa_guard_release(guard* g) noexcept {
  auto* const release = next(real_release, "__cxa_guard_release");
  thread_state& t = this_thread();
  const entry_scope scope(t);
  const auto address = reinterpret_cast<std::uint64_t>(g);
  if (!scope || !in_program(address)) return release(g);
  locked_atomic object(address, 1);
  order_store(*t.actor, object, memory_order::release);
  release(g);
}

}  // extern "C"
