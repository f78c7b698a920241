// SPDX-License-Identifier: Apache-2.0
#pragma once
// once: its first call(f) runs f; every other call waits until that has returned, and does nothing. An f that
// panics counts as done. Calling it again from within f deadlocks.
// once_func(f), once_value(f): f as a function that runs once and remembers: the value, or the panic, which
// it then raises on each call. Copies share what they remember.
//
// Semantics: Go, sync.Once, OnceFunc, OnceValue. Once done, a call is one atomic load. Thread-safe.
#include <cxxabi.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "snag/config.h"
#include "snag/detail/inline.h"
#include "snag/detail/object_header.h"
#include "snag/panic.h"

namespace snag {

namespace detail {
struct once_storage {
  object_header header{object_kind::once};
  std::uintptr_t words[4]{};
};
// Done, and no observer wants to hear who comes by afterwards. (An observer is there from the start or
// never.)
constexpr std::uint32_t once_done_unwatched = 3;
SNAG_INLINE bool is_done_unwatched(const once_storage& storage) noexcept {
  return __atomic_load_n(reinterpret_cast<const std::uint32_t*>(&storage.words[0]), __ATOMIC_ACQUIRE) ==
         once_done_unwatched;
}
bool begin_once(once_storage&);  // true: the caller runs f, then calls finish_once; false: f is done
void finish_once(once_storage&) noexcept;
}  // namespace detail

class once {
 public:
  SNAG_INLINE constexpr once() noexcept {
    if (!std::is_constant_evaluated()) detail::object_created(storage_.header);
  }
  SNAG_INLINE ~once() { detail::object_destroyed(storage_.header); }
  once(const once&) = delete;
  once& operator=(const once&) = delete;

  template <class F, class... Args>
  SNAG_INLINE void call(F&& f, Args&&... args) {
    if (detail::is_done_unwatched(storage_)) return;
    if (!detail::begin_once(storage_)) return;
    const finisher done{storage_};
    std::forward<F>(f)(std::forward<Args>(args)...);
  }

 private:
  struct finisher {
    detail::once_storage& storage;
    ~finisher() { detail::finish_once(storage); }
  };
  detail::once_storage storage_;
};

template <class F, class... Args>
SNAG_INLINE void call_once(once& o, F&& f, Args&&... args) {
  o.call(std::forward<F>(f), std::forward<Args>(args)...);
}

namespace detail {
template <class F>
struct once_state {
  using result = std::invoke_result_t<F&>;
  static constexpr bool has_value = !std::is_void_v<result>;
  struct no_value {};

  explicit once_state(F&& f) : f(std::move(f)) {}
  void run() {
    first.call([this] {
      struct releaser {  // what f holds is needed no more
        std::optional<F>& f;
        ~releaser() { f.reset(); }
      } const release{f};
      try {
        if constexpr (has_value) {
          value.emplace((*f)());
        } else {
          (*f)();
        }
        returned = true;
      } catch (abi::__forced_unwind&) {
        throw;  // goexit() ends the first caller only
      } catch (...) {
        panicked = std::current_exception();
      }
    });
    if (panicked) std::rethrow_exception(panicked);
    if (!returned) panic("panic called with nil argument");
  }

  once first;
  std::optional<F> f;
  std::exception_ptr panicked;
  bool returned = false;
  std::optional<std::conditional_t<has_value, result, no_value>> value;
};
}  // namespace detail

template <class F>
[[nodiscard]] auto once_func(F f) {
  static_assert(std::is_invocable_v<F&>, "snag::once_func: the function is called without arguments");
  auto state = std::make_shared<detail::once_state<F>>(std::move(f));
  return [state] { state->run(); };
}
template <class F>
[[nodiscard]] auto once_value(F f) {
  static_assert(std::is_invocable_v<F&>, "snag::once_value: the function is called without arguments");
  static_assert(std::is_object_v<std::invoke_result_t<F&>>,
                "snag::once_value: the function returns a value (for a reference, return a pointer; for "
                "nothing, use once_func)");
  auto state = std::make_shared<detail::once_state<F>>(std::move(f));
  return [state]() -> const std::invoke_result_t<F&>& {
    state->run();
    return *state->value;
  };
}

}  // namespace snag
