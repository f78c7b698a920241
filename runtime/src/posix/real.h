// SPDX-License-Identifier: Apache-2.0
#pragma once
// The C library's own version of a function that we define, too. Looked up on first use: we are called before
// any constructor has run. Where a sanitizer is linked it stands between us and the C library: our definition
// hides its weak one in the executable, but not its exported ___interceptor_.
#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

#include "runtime/src/sanitizer.h"

namespace snag::detail {

inline void* next_definition(const char* name) noexcept {
  if constexpr (sanitized) {
    char intercepted[96] = "___interceptor_";
    if (void* f = dlsym(RTLD_DEFAULT, std::strncat(intercepted, name, sizeof intercepted - 32))) return f;
  }
  return dlsym(RTLD_NEXT, name);
}

template <class F>
class real_function;

template <class R, class... Args, bool Noexcept>
class real_function<R(Args...) noexcept(Noexcept)> {
 public:
  explicit constexpr real_function(const char* name) : name_(name) {}
  R operator()(Args... args) { return get()(args...); }
  R (*get())(Args...) {
    auto* f = function_.load(std::memory_order_relaxed);
    if (f == nullptr) [[unlikely]] {
      f = reinterpret_cast<R (*)(Args...)>(next_definition(name_));
      if (f == nullptr) std::abort();  // a C library without it would not have linked
      function_.store(f, std::memory_order_relaxed);
    }
    return f;
  }

 private:
  const char* name_;
  std::atomic<R (*)(Args...)> function_{nullptr};
};

// GCC remarks that a type has no room for the nonnull and leaf attributes of the declarations.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wignored-attributes"
#endif
// Inside namespace snag::detail: `constinit real_pthread_mutex_lock` calls what we stand before.
#define SNAG_REAL(NAME) constinit real_function<decltype(::NAME)> real_##NAME(#NAME)

}  // namespace snag::detail
