// SPDX-License-Identifier: Apache-2.0
#pragma once
// blocking(f, args…): calls f(args…), which may block its OS thread (a system call, a C library that knows
// nothing of goroutines), without keeping the other goroutines from running: the right to run them goes to
// another thread if the call takes longer than about 20 us. The result or the exception comes back in the
// same goroutine, which stays on the same thread meanwhile.
//
// Source: Go, runtime.entersyscall and exitsyscall, which wrap every system call there. At most 256 calls
// block at once, each on a thread of its own; further callers park, first come, first served. In a seeded run
// there is one thread, and it is the one that blocks. Thread-safe.
#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>

#include "snag/config.h"

namespace snag {
namespace detail {

// The part of a worker's time that a call takes.
class blocking_scope {
 public:
  blocking_scope();
  ~blocking_scope();
  blocking_scope(const blocking_scope&) = delete;
  blocking_scope& operator=(const blocking_scope&) = delete;

 private:
  void* worker_;  // null: the scheduler does not care
  std::uint32_t ticket_ = 0;
};

}  // namespace detail

template <class F, class... Args>
SNAG_USER_ACCESS decltype(auto) blocking(F&& f, Args&&... args) {
  static_assert(std::is_invocable_v<F, Args...>,
                "snag::blocking: the function cannot be called with these arguments");
  const detail::blocking_scope scope;
  return std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
}

}  // namespace snag
