// SPDX-License-Identifier: Apache-2.0
#pragma once
// context: carries cancellation, a deadline and values to everything that works on one task. A handle; copies
// are the same context. Contexts form a tree: cancelling one cancels what was derived from it, before it
// returns.
//
//   auto [ctx, cancel] = with_timeout(context::background(), 2s);   // cancel() any number of times;
//   select(on_recv(ctx.done(), [&] {…}), …);                        // the last copy of cancel to go cancels
//
// Semantics: Go, package context. Thread-safe, but for assigning one handle.
#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "snag/chan.h"
#include "snag/clock.h"
#include "snag/config.h"
#include "snag/detail/duration.h"
#include "snag/detail/inline.h"
#include "snag/error.h"
#include "snag/go.h"
#include "snag/select.h"
#include "snag/time.h"

namespace snag {

class context;

namespace detail {

struct context_derivation;
class context_core;
class context_canceler;
class context_function;

struct erased_value {  // a value of any type on the heap
  void* address = nullptr;
  void (*destroy)(void*) noexcept = nullptr;
};

context_core* background_context() noexcept;
context_core* todo_context() noexcept;
// Each of these takes a parent, which must not be null, and returns one reference.
context_core* derive_cancellable(context_core* parent, const clock::time_point* deadline,
                                 error deadline_cause);
context_core* derive_with_value(context_core* parent, const void* key, erased_value);
context_core* derive_uncancellable(context_core* parent);
void gain_context(context_core*, SNAG_NOESCAPE void* at) noexcept;
void lose_context(context_core*, SNAG_NOESCAPE void* at) noexcept;
void move_context(context_core*, SNAG_NOESCAPE void* from, SNAG_NOESCAPE void* to) noexcept;

recv_chan<void> context_done(context_core*);
error context_error(context_core*);
error context_cause(context_core*);
bool context_deadline(context_core*, clock::time_point&);
const void* context_value(context_core*, const void* key);

context_canceler* make_canceler(context_core*);
void gain_canceler(context_canceler*) noexcept;
void lose_canceler(context_canceler*) noexcept;  // the last one cancels
void cancel_context(context_canceler*, error cause);
void cancel_context(context_core*);
void cancel_context_as(context_core*, error err);  // err() will be `err`: context::canceled if it is none

context_function* add_context_function(context_core*, void (*run)(void*), erased_value closure);
void gain_context_function(context_function*) noexcept;
void lose_context_function(context_function*) noexcept;
bool stop_context_function(context_function*);

template <class Core, void (*Gain)(Core*) noexcept, void (*Lose)(Core*) noexcept>
class shared_handle {
 public:
  explicit shared_handle(Core* adopted) noexcept : core_(adopted) {}
  SNAG_USER_ACCESS shared_handle(const shared_handle& other) noexcept : core_(other.core_) {
    if (core_ != nullptr) Gain(core_);
  }
  SNAG_USER_ACCESS shared_handle(shared_handle&& other) noexcept
      : core_(std::exchange(other.core_, nullptr)) {}
  SNAG_USER_ACCESS shared_handle& operator=(shared_handle other) noexcept {
    std::swap(core_, other.core_);
    return *this;
  }
  ~shared_handle() {
    if (core_ != nullptr) Lose(core_);
  }
  SNAG_USER_ACCESS Core* get() const noexcept { return core_; }

 private:
  Core* core_;
};
using canceler_handle = shared_handle<context_canceler, gain_canceler, lose_canceler>;
using function_handle = shared_handle<context_function, gain_context_function, lose_context_function>;

template <class K>
struct context_key {
  static inline char id = 0;  // its address is the key
};
template <class K>
struct context_value_of {
  using type = K;
};
template <class K>
  requires requires { typename K::type; }
struct context_value_of<K> {
  using type = typename K::type;
};

}  // namespace detail

class [[nodiscard]] context {
 public:
  static const error canceled;           // "context canceled"
  static const error deadline_exceeded;  // "context deadline exceeded"

  static context background() noexcept { return context(detail::background_context()); }
  static context todo() noexcept { return context(detail::todo_context()); }

  context() noexcept = default;  // nil: nothing can be derived from it or asked of it
  context(std::nullptr_t) noexcept {}
  SNAG_USER_ACCESS context(const context& other) noexcept : core_(other.core_) {
    detail::gain_context(core_, this);
  }
  SNAG_USER_ACCESS context(context&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {
    detail::move_context(core_, &other, this);
  }
  SNAG_USER_ACCESS context& operator=(const context& other) noexcept {
    detail::gain_context(other.core_, this);
    detail::lose_context(std::exchange(core_, other.core_), this);
    return *this;
  }
  SNAG_USER_ACCESS context& operator=(context&& other) noexcept {
    detail::context_core* const taken = std::exchange(other.core_, nullptr);
    detail::lose_context(std::exchange(core_, taken), this);
    detail::move_context(taken, &other, this);
    return *this;
  }
  ~context() { detail::lose_context(core_, this); }
  friend bool operator==(const context& a, const context& b) noexcept { return a.core() == b.core(); }

  // Closed once the context is cancelled; always the same channel; nil if that can never happen.
  [[nodiscard]] SNAG_INLINE recv_chan<void> done() const { return detail::context_done(core()); }
  // None until it is cancelled; then canceled or deadline_exceeded, for ever.
  [[nodiscard]] SNAG_INLINE error err() const { return detail::context_error(core()); }
  // The cause that was given with the cancellation, here or above; err() if none was.
  [[nodiscard]] SNAG_INLINE error cause() const { return detail::context_cause(core()); }
  [[nodiscard]] std::optional<time_point> deadline() const {
    time_point t;
    return detail::context_deadline(core(), t) ? std::optional<time_point>(t) : std::nullopt;
  }
  // The value that the nearest with_value<K> set, of type K::type if there is such a type, else K.
  template <class K>
  [[nodiscard]] std::optional<typename detail::context_value_of<K>::type> value() const {
    using type = typename detail::context_value_of<K>::type;
    const void* found = detail::context_value(core(), &detail::context_key<K>::id);
    return found == nullptr ? std::nullopt : std::optional<type>(*static_cast<const type*>(found));
  }

 private:
  friend struct detail::context_derivation;
  explicit context(detail::context_core* adopted) noexcept : core_(adopted) {
    detail::move_context(core_, nullptr, this);
  }
  SNAG_USER_ACCESS detail::context_core* core() const noexcept { return core_; }
  detail::context_core* core_ = nullptr;
};

// Cancels its context, as does the end of its last copy. Any number of times, from anywhere.
class [[nodiscard("the context is cancelled when its last cancel function goes")]] cancel_func {
 public:
  explicit cancel_func(detail::context_canceler* adopted) noexcept : handle_(adopted) {}
  SNAG_INLINE void operator()() const {
    if (handle_.get() != nullptr) detail::cancel_context(handle_.get(), {});
  }

 private:
  detail::canceler_handle handle_;
};
class [[nodiscard("the context is cancelled when its last cancel function goes")]] cancel_cause_func {
 public:
  explicit cancel_cause_func(detail::context_canceler* adopted) noexcept : handle_(adopted) {}
  SNAG_INLINE void operator()(error cause = {}) const {
    if (handle_.get() != nullptr) detail::cancel_context(handle_.get(), std::move(cause));
  }

 private:
  detail::canceler_handle handle_;
};

struct [[nodiscard]] cancellable {
  context ctx;
  cancel_func cancel;
};
struct [[nodiscard]] cancellable_with_cause {
  context ctx;
  cancel_cause_func cancel;
};

namespace detail {
struct context_derivation {  // the functions below, as friends of context
  template <class Result, class Cancel>
  static Result cancellable(const context& parent, const time_point* deadline, error cause) {
    context made(derive_cancellable(parent.core(), deadline, std::move(cause)));
    context_canceler* const canceler = make_canceler(made.core_);
    return Result{std::move(made), Cancel(canceler)};
  }
  static context of(context_core* core) { return context(core); }
  static context_core* core(const context& c) { return c.core(); }
  static void cancel(const context& c) { cancel_context(c.core()); }
  static void cancel_as(const context& c, error err) { cancel_context_as(c.core(), std::move(err)); }
};
}  // namespace detail

SNAG_INLINE cancellable with_cancel(const context& parent) {
  return detail::context_derivation::cancellable<cancellable, cancel_func>(parent, nullptr, {});
}
SNAG_INLINE cancellable_with_cause with_cancel_cause(const context& parent) {
  return detail::context_derivation::cancellable<cancellable_with_cause, cancel_cause_func>(parent, nullptr,
                                                                                            {});
}
// The earlier of `deadline` and the parent's. `cause`: what cause() says once the deadline has passed.
SNAG_INLINE cancellable with_deadline(const context& parent, time_point deadline, error cause = {}) {
  return detail::context_derivation::cancellable<cancellable, cancel_func>(parent, &deadline,
                                                                           std::move(cause));
}
template <class Rep, class Period>
SNAG_INLINE cancellable with_timeout(const context& parent, std::chrono::duration<Rep, Period> timeout,
                                     error cause = {}) {
  return with_deadline(parent, detail::from_now(detail::to_nanoseconds(timeout)), std::move(cause));
}
// The parent, cancelled as well once `done` is closed (or something is received from it): somebody else's
// idea of cancellation, as a custom Context is in Go. err() is what `err()` returns then. One goroutine waits
// for it.
template <class Err>
  requires std::is_invocable_r_v<error, Err&>
SNAG_INLINE cancellable with_done(const context& parent, recv_chan<void> done, Err err) {
  cancellable made = with_cancel(parent);
  go({.name = "context"}, [ctx = made.ctx, done = std::move(done), err = std::move(err)]() mutable {
    select(on_recv(done, [&] { detail::context_derivation::cancel_as(ctx, err()); }), on_recv(ctx.done()));
  });
  return made;
}
template <class K, class V>
[[nodiscard]] context with_value(const context& parent, V&& v) {
  using type = typename detail::context_value_of<K>::type;
  detail::erased_value value{new type(std::forward<V>(v)),
                             [](void* p) noexcept { delete static_cast<type*>(p); }};
  return detail::context_derivation::of(detail::derive_with_value(detail::context_derivation::core(parent),
                                                                  &detail::context_key<K>::id, value));
}
// The parent's values, but neither its cancellation nor its deadline.
[[nodiscard]] SNAG_INLINE context without_cancel(const context& parent) {
  return detail::context_derivation::of(
      detail::derive_uncancellable(detail::context_derivation::core(parent)));
}

// The registration of a context_after_func; calling it takes it back. True: the function will not run. False:
// it was started, or taken back before. It is not waited for.
class context_stop_func {
 public:
  explicit context_stop_func(detail::context_function* adopted) noexcept : handle_(adopted) {}
  SNAG_INLINE bool operator()() const {
    return handle_.get() != nullptr && detail::stop_context_function(handle_.get());
  }

 private:
  detail::function_handle handle_;
};
// Runs f in a goroutine of its own once ctx is cancelled; at once if it is.
template <class F>
SNAG_INLINE context_stop_func context_after_func(const context& ctx, F&& f) {
  using function = std::decay_t<F>;
  static_assert(std::is_invocable_v<function&>,
                "snag::context_after_func: the function is called without arguments");
  if (detail::is_nil<function>(f)) detail::go_of_nil();
  return context_stop_func(detail::add_context_function(
      detail::context_derivation::core(ctx), [](void* closure) { (*static_cast<function*>(closure))(); },
      {new function(std::forward<F>(f)),
       [](void* closure) noexcept { delete static_cast<function*>(closure); }}));
}

}  // namespace snag
