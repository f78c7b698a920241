// SPDX-License-Identifier: Apache-2.0
#pragma once
// select: waits for the first of several channel operations, atomically over all channels, and runs the
// handler of the one that happened, once that is decided, on the same goroutine. Among several ready cases
// one is chosen uniformly at random. Semantics: Go specification, "Select statements".
//
//   select(on_recv(a, [&](T v) {…}), on_next(b, [&](std::optional<U> v) {…}), on_send(c, x, [&] {…}),
//          on_timeout(1s, [&] {…}), on_default([&] {…}))
//
// Plain bytes are copied when the select begins, as Go does; values of other types are copied or moved if and
// when their case is chosen, so a send that is not chosen moves nothing.
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "snag/chan.h"
#include "snag/config.h"
#include "snag/detail/duration.h"
#include "snag/detail/inline.h"
#include "snag/detail/select.h"

namespace snag {

namespace detail {

struct no_handler {
  void operator()() const noexcept {}
};

template <class C>
struct chan_traits {};
template <class T, channel_direction D>
struct chan_traits<chan<T, D>> {
  using element = T;
  static constexpr channel_direction direction = D;
};
template <class C>
using chan_element = typename chan_traits<std::remove_cvref_t<C>>::element;

template <class C>
concept receivable = can_receive(chan_traits<std::remove_cvref_t<C>>::direction);
template <class C>
concept sendable = can_send(chan_traits<std::remove_cvref_t<C>>::direction);
template <class C>
concept some_chan = sendable<C> || receivable<C>;

// C, F, V: as deduced for a forwarding reference, so an lvalue is borrowed and an rvalue is kept. `own` makes
// a case that keeps everything, for select_any.
template <class C, class F>
class receiving_case {
 public:
  using element = chan_element<C>;
  using value = element_value<element>;

  receiving_case(C&& on, F&& handler) : on_(std::forward<C>(on)), handler_(std::forward<F>(handler)) {}
  void describe(select_case& to) {
    to.on = handle_access::core(on_);
    to.what = select_case::action::receive;
    to.element = is_stateless<value> ? nullptr : arrived_.address();
  }

 protected:
  template <template <class, class> class Case>
  auto owned() && {
    return Case<std::remove_cvref_t<C>, std::decay_t<F>>(std::remove_cvref_t<C>(std::forward<C>(on_)),
                                                         std::decay_t<F>(std::forward<F>(handler_)));
  }

  C on_;
  F handler_;
  incoming<value> arrived_;
};

template <class C, class F>
class recv_case : public receiving_case<C, F> {
 public:
  using typename receiving_case<C, F>::element, typename receiving_case<C, F>::value;

  using receiving_case<C, F>::receiving_case;
  auto own() && { return std::move(*this).template owned<recv_case>(); }
  void run(select_case& chosen) {
    F& handler = this->handler_;
    if constexpr (std::is_void_v<element>) {
      if constexpr (std::invocable<F&>) {
        handler();
      } else {
        handler(chosen.received);
      }
    } else if constexpr (std::invocable<F&, value>) {
      chosen.received ? static_cast<void>(handler(this->arrived_.take()))
                      : static_cast<void>(handler(value{}));
    } else if constexpr (std::invocable<F&, value, bool>) {
      chosen.received ? static_cast<void>(handler(this->arrived_.take(), true))
                      : static_cast<void>(handler(value{}, false));
    } else {
      handler();
    }
  }
};

template <class C, class F>
class next_case : public receiving_case<C, F> {
 public:
  using typename receiving_case<C, F>::element, typename receiving_case<C, F>::value;

  using receiving_case<C, F>::receiving_case;
  auto own() && { return std::move(*this).template owned<next_case>(); }
  void run(select_case& chosen) {
    if constexpr (std::is_void_v<element>) {
      this->handler_(chosen.received);
    } else {
      this->handler_(chosen.received ? this->arrived_.take_optional() : std::optional<value>());
    }
  }
};

// V: V&& or const V& while the value stays where it is, V once the case owns it.
template <class C, class V, class F>
class send_case {
 public:
  using value = chan_element<C>;

  send_case(C&& on, V&& v, F&& handler)
      : on_(std::forward<C>(on)), value_(std::forward<V>(v)), handler_(std::forward<F>(handler)) {
    if constexpr (!is_boxed<value>) bytes_.emplace(std::forward<V>(value_));
  }
  auto own() && {
    return send_case<std::remove_cvref_t<C>, std::decay_t<V>, std::decay_t<F>>(
        std::remove_cvref_t<C>(std::forward<C>(on_)), std::decay_t<V>(std::forward<V>(value_)),
        std::decay_t<F>(std::forward<F>(handler_)));
  }
  void describe(select_case& to) {
    to.on = handle_access::core(on_);
    if constexpr (is_boxed<value>) {
      to.what = select_case::action::deferred_send;
    } else {
      to.what = select_case::action::send;
      to.element = bytes_->address();
    }
  }
  void run(select_case& chosen) {
    if constexpr (is_boxed<value>) {
      begun_send send(chosen.on, already_begun{});
      outgoing<value> element(std::forward<V>(value_));  // if this throws, the send is abandoned
      send.commit(element.address());
      element.sent();
    }
    handler_();
  }

 private:
  C on_;
  V value_;
  F handler_;
  std::conditional_t<is_boxed<value>, nothing, std::optional<outgoing<value>>> bytes_;
};

template <class C, class F>
class send_signal_case {  // of a chan<void>
 public:
  send_signal_case(C&& on, F&& handler) : on_(std::forward<C>(on)), handler_(std::forward<F>(handler)) {}
  auto own() && {
    return send_signal_case<std::remove_cvref_t<C>, std::decay_t<F>>(
        std::remove_cvref_t<C>(std::forward<C>(on_)), std::decay_t<F>(std::forward<F>(handler_)));
  }
  void describe(select_case& to) {
    to.on = handle_access::core(on_);
    to.what = select_case::action::send;
  }
  void run(select_case&) { handler_(); }

 private:
  C on_;
  F handler_;
};

template <class F>
class timeout_case {
 public:
  timeout_case(std::chrono::nanoseconds after, F&& handler)
      : after_(after), handler_(std::forward<F>(handler)) {}
  auto own() && { return timeout_case<std::decay_t<F>>(after_, std::decay_t<F>(std::forward<F>(handler_))); }
  void describe(select_case& to) {
    to.what = select_case::action::timeout;
    to.nanoseconds = after_.count();
  }
  void run(select_case&) { handler_(); }

 private:
  std::chrono::nanoseconds after_;
  F handler_;
};

template <class F>
class default_case {
 public:
  static constexpr bool is_default = true;
  explicit default_case(F&& handler) : handler_(std::forward<F>(handler)) {}
  auto own() && { return default_case<std::decay_t<F>>(std::decay_t<F>(std::forward<F>(handler_))); }
  void describe(select_case& to) { to.what = select_case::action::otherwise; }
  void run(select_case&) { handler_(); }

 private:
  F handler_;
};

template <class C>
concept some_case = requires(C& c, select_case& raw) {
  c.describe(raw);
  c.run(raw);
};
template <class C>
inline constexpr bool is_default_case = requires { C::is_default; };

}  // namespace detail

// Handlers of on_recv take the value (T{} once the channel is closed and drained), or the value and whether
// it was sent, or nothing. Those of on_next take a std::optional (of a chan<void>: a bool). All may be left
// out.
template <detail::receivable C, class F = detail::no_handler>
[[nodiscard]] auto on_recv(C&& c, F&& handler = F()) {
  return detail::recv_case<C, F>(std::forward<C>(c), std::forward<F>(handler));
}
template <detail::receivable C, class F>
[[nodiscard]] auto on_next(C&& c, F&& handler) {
  return detail::next_case<C, F>(std::forward<C>(c), std::forward<F>(handler));
}
template <detail::sendable C, class V, class F = detail::no_handler>
  requires(std::constructible_from<detail::chan_element<C>, V>)
[[nodiscard]] auto on_send(C&& c, V&& v, F&& handler = F()) {
  return detail::send_case<C, V&&, F>(std::forward<C>(c), std::forward<V>(v), std::forward<F>(handler));
}
template <detail::sendable C, class F = detail::no_handler>
  requires(std::is_void_v<detail::chan_element<C>>)
[[nodiscard]] auto on_send(C&& c, F&& handler = F()) {
  return detail::send_signal_case<C, F>(std::forward<C>(c), std::forward<F>(handler));
}
template <detail::some_chan C, class... F>
  requires(!detail::receivable<C>)
void on_recv(C&&, F&&...) SNAG_DELETE_BECAUSE("a send-only channel cannot be received from");
template <detail::some_chan C, class... F>
  requires(!detail::receivable<C>)
void on_next(C&&, F&&...) SNAG_DELETE_BECAUSE("a send-only channel cannot be received from");
template <detail::some_chan C, class... F>
  requires(!detail::sendable<C>)
void on_send(C&&, F&&...) SNAG_DELETE_BECAUSE("a receive-only channel cannot be sent to");
template <detail::sendable C, class F = detail::no_handler>
  requires(!std::is_void_v<detail::chan_element<C>> && !std::copy_constructible<detail::chan_element<C>>)
void on_send(C&&, const detail::chan_element<C>&, F&& = F())
    SNAG_DELETE_BECAUSE("the elements of this channel cannot be copied: send std::move(v)");
template <class Rep, class Period, class F = detail::no_handler>
[[nodiscard]] auto on_timeout(std::chrono::duration<Rep, Period> after, F&& handler = F()) {
  return detail::timeout_case<F>(detail::to_nanoseconds(after), std::forward<F>(handler));
}
template <class F = detail::no_handler>
[[nodiscard]] auto on_default(F&& handler = F()) {
  return detail::default_case<F>(std::forward<F>(handler));
}

// The index of the case that ran. Without cases it blocks for ever.
template <detail::some_case... Cases>
SNAG_INLINE int select(Cases&&... cases) {
  static_assert((0 + ... + detail::is_default_case<std::remove_cvref_t<Cases>>) <= 1,
                "a select has at most one default");
  if constexpr (sizeof...(cases) == 0) {
    return static_cast<int>(detail::select(nullptr, 0));
  } else {
    detail::select_case raw[sizeof...(cases)];
    std::size_t described = 0;
    (cases.describe(raw[described++]), ...);
    const std::size_t chosen = detail::select(raw, sizeof...(cases));
    std::size_t i = 0;
    ((i++ == chosen ? static_cast<void>(cases.run(raw[chosen])) : static_cast<void>(0)), ...);
    return static_cast<int>(chosen);
  }
}

// A case whose kind is known at run time only: converts from what on_recv and its siblings make, and keeps
// its own copy of channel, value and handler. Movable; one that was moved from is no case, and panics.
class any_case {
 public:
  template <class Case>
    requires(detail::some_case<std::remove_cvref_t<Case>> && !std::is_lvalue_reference_v<Case>)
  any_case(Case&& c) : case_(std::make_unique<holder<decltype(std::move(c).own())>>(std::move(c))) {}

  void describe(detail::select_case& to) const {
    if (case_ == nullptr) detail::panic_with("reflect.Select: invalid Dir");
    case_->describe(to);
  }
  void run(detail::select_case& chosen) const { case_->run(chosen); }

 private:
  struct holder_base {
    virtual ~holder_base() = default;
    virtual void describe(detail::select_case&) = 0;
    virtual void run(detail::select_case&) = 0;
  };
  template <class Case>
  struct holder final : holder_base {
    template <class From>
    explicit holder(From&& from) : held(std::forward<From>(from).own()) {}
    void describe(detail::select_case& to) override { held.describe(to); }
    void run(detail::select_case& chosen) override { held.run(chosen); }
    Case held;
  };
  std::unique_ptr<holder_base> case_;
};

// select for any range of any_case; each case may be used again in a later select, but for what it moves.
template <class Cases>
SNAG_INLINE int select_any(Cases&& cases) {
  const auto count = static_cast<std::size_t>(std::size(cases));
  const auto raw = std::make_unique<detail::select_case[]>(count == 0 ? 1 : count);
  std::size_t described = 0;
  for (auto& c : cases) c.describe(raw[described++]);
  const std::size_t chosen = detail::select(raw.get(), count);
  auto it = std::begin(cases);
  for (std::size_t i = 0; i < chosen; ++i) ++it;
  it->run(raw[chosen]);
  return static_cast<int>(chosen);
}

}  // namespace snag
