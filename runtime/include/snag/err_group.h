// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tasks that work on one thing and may fail: wait() waits for all of them and answers the first error. A
// handle: copies are the same group.
//
//   auto [group, ctx] = err_group::with_context(context::background());
//   group.go([=, ctx = ctx] { fetch(ctx, url); });
//   if (error e = group.wait()) e.raise();
//
// A task fails by returning an error, or by throwing anything that derives from std::exception, which the
// error then stands for (error::raise throws it again). A panic is no such failure: as in Go it ends the
// program, in the goroutine where it happened; so does a thrown value of any other type. goexit() is no
// failure either.
//
// Semantics: golang.org/x/sync/errgroup. The end of a task happens before the wait() that it lets return.
// Thread-safe, but for set_limit and for assigning one handle.
#include <cstdint>
#include <exception>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "snag/config.h"
#include "snag/context.h"
#include "snag/detail/inline.h"
#include "snag/error.h"
#include "snag/go.h"
#include "snag/panic.h"
#include "snag/wait_group.h"

namespace snag {

namespace detail {
// In a handler: ends the program as the exception would have if nobody had caught it.
[[noreturn]] void die_of_panic() noexcept;
class err_group_core;
err_group_core* make_err_group();
err_group_core* make_err_group(cancel_cause_func);
void gain_err_group(err_group_core*) noexcept;
void lose_err_group(err_group_core*) noexcept;
void begin_group_task(err_group_core*);  // waits while the group is at its limit
bool try_begin_group_task(err_group_core*);
void fail_group_task(err_group_core*, error);
void end_group_task(err_group_core*);
error wait_for_group(err_group_core*);
void limit_group(err_group_core*, std::int64_t n);

template <class F, class... Args>
inline constexpr bool is_group_task = std::is_invocable_v<std::decay_t<F>, std::decay_t<Args>...>;
}  // namespace detail

class [[nodiscard]] err_group {
 public:
  struct cancellable;

  SNAG_INLINE err_group() : core_(detail::make_err_group()) {}
  // The context is cancelled by the first error, which is its cause, or when wait() has returned.
  static cancellable with_context(const context& parent);

  SNAG_USER_ACCESS err_group(const err_group& other) noexcept : core_(other.core_) {
    detail::gain_err_group(core_);
  }
  SNAG_USER_ACCESS err_group(err_group&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
  SNAG_USER_ACCESS err_group& operator=(const err_group& other) noexcept {
    detail::gain_err_group(other.core_);
    detail::lose_err_group(std::exchange(core_, other.core_));
    return *this;
  }
  SNAG_USER_ACCESS err_group& operator=(err_group&& other) noexcept {
    detail::err_group_core* const taken = std::exchange(other.core_, nullptr);
    detail::lose_err_group(std::exchange(core_, taken));
    return *this;
  }
  ~err_group() { detail::lose_err_group(core_); }
  friend bool operator==(const err_group& a, const err_group& b) noexcept { return a.core() == b.core(); }

  // Runs f(args…) in a new goroutine, once the group is under its limit.
  template <class F, class... Args>
  [[gnu::noinline]] SNAG_USER_ACCESS void go(F&& f, Args&&... args) const {
    if (detail::is_nil<std::decay_t<F>>(f)) detail::go_of_nil();
    detail::begin_group_task(core());
    start(__builtin_return_address(0), std::forward<F>(f), std::forward<Args>(args)...);
  }
  // The same if the group is under its limit now; false: nothing was started.
  template <class F, class... Args>
  [[nodiscard, gnu::noinline]] SNAG_USER_ACCESS bool try_go(F&& f, Args&&... args) const {
    if (detail::is_nil<std::decay_t<F>>(f)) detail::go_of_nil();
    if (!detail::try_begin_group_task(core())) return false;
    start(__builtin_return_address(0), std::forward<F>(f), std::forward<Args>(args)...);
    return true;
  }
  SNAG_INLINE error wait() const { return detail::wait_for_group(core()); }
  // At most n tasks at once; none may start if n is 0; any number if it is negative. Panics while tasks run.
  SNAG_INLINE void set_limit(std::int64_t n) const { detail::limit_group(core(), n); }

 private:
  template <class Group, class... Parts>
  struct task {
    Group group;  // an err_group, complete by the time it is needed
    std::tuple<Parts...> parts;

    SNAG_USER_ACCESS void operator()() {
      struct finisher {
        detail::err_group_core* core;
        const int uncaught = std::uncaught_exceptions();
        ~finisher() {
          if (!detail::is_ending_by_panic(uncaught)) detail::end_group_task(core);
        }
      } const finish{group.core()};
      try {
        run();
      } catch (const panic_error&) {
        detail::die_of_panic();  // as if nobody had caught it
      } catch (const std::exception&) {
        detail::fail_group_task(group.core(), error(std::current_exception()));
      }
    }
    SNAG_USER_ACCESS void run() {
      auto mine = std::move(parts);  // destroyed before the task ends: what f held is given back by then
      const auto call = [](auto&... part) -> decltype(auto) { return std::invoke(std::move(part)...); };
      using result = decltype(std::apply(call, mine));
      if constexpr (std::is_void_v<result>) {
        std::apply(call, mine);
      } else {
        static_assert(std::is_convertible_v<result, error>,
                      "a task of an err_group returns nothing, or the snag::error it failed with");
        if (error failed = std::apply(call, mine)) detail::fail_group_task(group.core(), std::move(failed));
      }
    }
  };

  explicit err_group(detail::err_group_core* adopted) noexcept : core_(adopted) {}
  SNAG_USER_ACCESS detail::err_group_core* core() const noexcept { return core_; }

  template <class F, class... Args>
  SNAG_USER_ACCESS void start(const void* pc, F&& f, Args&&... args) const {
    static_assert(detail::is_group_task<F, Args...>,
                  "err_group: the function cannot be called with copies of these arguments (use std::ref for "
                  "a reference)");
    struct guard {
      detail::err_group_core* core;
      ~guard() {
        if (core != nullptr) detail::end_group_task(core);  // the goroutine could not be made
      }
    } on_throw{core()};
    detail::go_at(pc, go_options{},
                  task<err_group, std::decay_t<F>, std::decay_t<Args>...>{
                      *this, {std::forward<F>(f), std::forward<Args>(args)...}});
    on_throw.core = nullptr;
  }

  detail::err_group_core* core_;
};

struct [[nodiscard]] err_group::cancellable {
  err_group group;
  context ctx;
};

inline err_group::cancellable err_group::with_context(const context& parent) {
  cancellable_with_cause derived = with_cancel_cause(parent);
  return {err_group(detail::make_err_group(std::move(derived.cancel))), std::move(derived.ctx)};
}

}  // namespace snag
