// SPDX-License-Identifier: Apache-2.0
#pragma once
// go(f, args…): runs f(args…) in a new goroutine. f and the arguments are decay-copied (or moved) by the
// caller, as a go statement evaluates them there; methods and move-only callables work. Options
// come first: go({.name = "feeder", .stack_size = 1 << 20}, f). An empty std::function or a null function
// pointer is the fatal error "go of nil func value".
#include <cstddef>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>

#include "snag/config.h"

namespace snag {

struct go_options {
  const char* name = nullptr;  // copied; shown in dumps and reports
  std::size_t stack_size = 0;  // bytes; 0: the default
};

namespace detail {

// A goroutine in the making: `storage` is where its closure goes, either inside the control block or, where
// that is too small, a heap block that the runtime frees after `run`.
struct pending_goroutine {
  void* block;
  void* storage;
};
pending_goroutine begin_go(const go_options&, std::size_t size, std::size_t alignment);
void commit_go(pending_goroutine, void (*run)(void*), const void* pc) noexcept;
void abandon_go(pending_goroutine) noexcept;
[[noreturn]] void go_of_nil() noexcept;

template <class F>
SNAG_USER_ACCESS bool is_nil(const F& f) {
  if constexpr (std::is_pointer_v<F> || std::is_member_pointer_v<F>)
    return f == nullptr;
  else if constexpr (requires {
                       typename F::result_type;
                       f == nullptr;
                     })
    return f == nullptr;
  else
    return false;
}

// std::invoke, whose header would be half of what this one costs to compile.
template <class Member, class Object, class... Args>
SNAG_USER_ACCESS decltype(auto) call_member(Member member, Object&& object, Args&&... args) {
  if constexpr (requires { (std::forward<Object>(object).*member)(std::forward<Args>(args)...); })
    return (std::forward<Object>(object).*member)(std::forward<Args>(args)...);
  else if constexpr (requires {
                       (object.get().*member)(std::forward<Args>(args)...);
                     })  // std::reference_wrapper
    return (object.get().*member)(std::forward<Args>(args)...);
  else
    return ((*std::forward<Object>(object)).*member)(std::forward<Args>(args)...);
}
template <class F, class... Args>
SNAG_USER_ACCESS decltype(auto) call(F&& f, Args&&... args) {
  if constexpr (std::is_member_function_pointer_v<std::decay_t<F>>)
    return call_member(f, std::forward<Args>(args)...);
  else
    return std::forward<F>(f)(std::forward<Args>(args)...);
}

template <class... Parts>
struct closure {
  std::tuple<Parts...> parts;

  SNAG_USER_ACCESS static void run(void* self) {
    struct guard {
      closure* c;
      ~guard() { c->~closure(); }
    } destroy{static_cast<closure*>(self)};
    std::apply([](Parts&... p) { detail::call(std::move(p)...); }, destroy.c->parts);
  }
};

template <class F, class... Args>
SNAG_USER_ACCESS void go_at(const void* pc, const go_options& options, F&& f, Args&&... args) {
  using closure_type = closure<std::decay_t<F>, std::decay_t<Args>...>;
  static_assert(std::is_invocable_v<std::decay_t<F>, std::decay_t<Args>...>,
                "snag::go: the function cannot be called with copies of these arguments (use std::ref for a "
                "reference)");
  if (is_nil<std::decay_t<F>>(f)) go_of_nil();
  const pending_goroutine pending = begin_go(options, sizeof(closure_type), alignof(closure_type));
  struct guard {
    const pending_goroutine* p;
    ~guard() {
      if (p != nullptr) abandon_go(*p);
    }
  } on_throw{&pending};
  ::new (pending.storage) closure_type{
      std::tuple<std::decay_t<F>, std::decay_t<Args>...>(std::forward<F>(f), std::forward<Args>(args)...)};
  on_throw.p = nullptr;
  commit_go(pending, closure_type::run, pc);
}

}  // namespace detail

template <class F, class... Args>
  requires(!std::is_same_v<std::remove_cvref_t<F>, go_options>)
[[gnu::noinline]] void go(F&& f, Args&&... args) {
  detail::go_at(__builtin_return_address(0), go_options{}, std::forward<F>(f), std::forward<Args>(args)...);
}
template <class F, class... Args>
[[gnu::noinline]] void go(const go_options& options, F&& f, Args&&... args) {
  detail::go_at(__builtin_return_address(0), options, std::forward<F>(f), std::forward<Args>(args)...);
}

}  // namespace snag
