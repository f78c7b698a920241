// SPDX-License-Identifier: Apache-2.0
#pragma once
// libc's own version of a function that we define in its place. Looked up on first use, or all at once by
// whoever must not look up later (a signal handler, a fork's child).
#include <dlfcn.h>

#include <atomic>

#include "detector/src/race.h"

namespace snag::detector {

template <class F>
class libc_function;

template <class R, class... Args, bool Noexcept>
class libc_function<R(Args...) noexcept(Noexcept)> {
 public:
  explicit constexpr libc_function(const char* name) : name_(name) {}
  R operator()(Args... args) noexcept(Noexcept) { return get()(args...); }
  void resolve() noexcept { get(); }

 private:
  R (*get() noexcept)(Args...) {
    auto* f = function_.load(std::memory_order_relaxed);
    if (f) [[likely]]
      return f;
    f = reinterpret_cast<R (*)(Args...)>(dlsym(RTLD_NEXT, name_));
    if (!f) internal_error("the C library lacks a function that the detector stands before");
    function_.store(f, std::memory_order_relaxed);
    return f;
  }

  const char* name_;
  std::atomic<R (*)(Args...)> function_{nullptr};
};

// `SNAG_LIBC(writev);` defines libc_writev.
#define SNAG_LIBC(name) constinit libc_function<decltype(::name)> libc_##name(#name)

}  // namespace snag::detector
