// SPDX-License-Identifier: Apache-2.0
#pragma once
// chan<T>: a handle to a typed channel. Copies are the same channel; a moved-from or null handle is nil, on
// which sends and receives block for ever. send_chan and recv_chan are its two directions: chan converts to
// both, neither converts back. Constness is shallow.
//
// Semantics: Go specification, "Channel types", "Send statements", "Receive operator", "Close"; the user's
// mistakes panic with Go's words. T may be incomplete where the handle is declared, so that a message can
// carry a channel of its own kind. The channel is thread-safe; one handle object is not, like any variable.
#include <concepts>
#include <cstddef>
#include <iterator>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include "snag/config.h"
#include "snag/detail/channel.h"
#include "snag/detail/element.h"
#include "snag/detail/inline.h"

namespace snag {

template <class T, detail::channel_direction D = detail::channel_direction::both>
class chan;
template <class T>
using send_chan = chan<T, detail::channel_direction::send>;
template <class T>
using recv_chan = chan<T, detail::channel_direction::receive>;

namespace detail {

struct already_begun {};  // by select

class begun_send {
 public:
  begun_send(channel* on, already_begun) : on_(on) {}
  SNAG_INLINE explicit begun_send(channel* on) : on_(channel_begin_send(on) ? on : nullptr) {}
  ~begun_send() {
    if (on_ != nullptr) channel_abandon_send(on_);
  }
  begun_send(const begun_send&) = delete;
  begun_send& operator=(const begun_send&) = delete;
  explicit operator bool() const { return on_ != nullptr; }
  SNAG_INLINE void commit(void* element) { channel_commit_send(std::exchange(on_, nullptr), element); }

 private:
  channel* on_;
};

struct handle_access;  // how the runtime makes a handle around a channel of its own

constexpr bool widens(channel_direction from, channel_direction to) {
  return from == channel_direction::both && to != channel_direction::both;
}

template <std::integral I>
constexpr long long clamp_capacity(I n) {  // what cannot be a capacity becomes -1
  if (std::cmp_less(n, 0) || std::cmp_greater(n, std::numeric_limits<long long>::max())) return -1;
  return static_cast<long long>(n);
}

}  // namespace detail

template <class T, detail::channel_direction D>
class [[nodiscard]] chan {
  using direction = detail::channel_direction;
  static constexpr bool sends = detail::can_send(D);
  static constexpr bool receives = detail::can_receive(D);
  static constexpr bool carries_values = !std::is_void_v<T>;
  static_assert(!std::is_array_v<T> && !std::is_function_v<T>,
                "a channel carries values, not arrays or functions: use std::array, or a pointer");

 public:
  using value_type = detail::element_value<T>;
  SNAG_INLINE chan()
    requires(sends && receives)
      : chan(0) {}
  template <std::integral I>
  SNAG_INLINE explicit chan(I capacity)
    requires(sends && receives)
      : core_(detail::make_channel(detail::clamp_capacity(capacity), detail::type_of_element<value_type>(),
                                   this)) {}
  template <std::same_as<std::nullptr_t> N>
  chan(N) noexcept {}  // nil

  SNAG_USER_ACCESS chan(const chan& other) noexcept : core_(other.core_) {
    detail::gain_channel(core_, D, this);
  }
  SNAG_USER_ACCESS chan(chan&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {
    detail::move_channel(core_, D, &other, this);
  }
  template <detail::channel_direction From>
    requires(detail::widens(From, D))
  SNAG_USER_ACCESS chan(const chan<T, From>& other) noexcept : core_(other.core_) {
    detail::gain_channel(core_, D, this);
  }
  SNAG_USER_ACCESS chan& operator=(const chan& other) noexcept {
    detail::channel* const old = core_;
    detail::gain_channel(other.core_, D, this);
    core_ = other.core_;
    detail::lose_channel(old, D, this);
    return *this;
  }
  SNAG_USER_ACCESS chan& operator=(chan&& other) noexcept {
    detail::channel* const taken = std::exchange(other.core_, nullptr);
    detail::lose_channel(std::exchange(core_, taken), D, this);
    detail::move_channel(taken, D, &other, this);
    return *this;
  }
  template <detail::channel_direction From>
    requires(From != D && !detail::widens(From, D))
  explicit chan(const chan<T, From>&)
      SNAG_DELETE_BECAUSE("a one-way channel converts neither to a two-way one nor to the other direction");
  ~chan() { detail::lose_channel(core_, D, this); }

  // The same channel, or both nil.
  friend bool operator==(const chan& a, const chan& b) noexcept { return a.core() == b.core(); }
  friend bool operator==(const chan& a, std::nullptr_t) noexcept { return a.core() == nullptr; }
  explicit operator bool() const noexcept { return core() != nullptr; }

  // --- Sending: parks until the element is taken or stored. Panics if the channel is closed.
  SNAG_INLINE void send(const value_type& v) const
    requires(sends && carries_values && std::copy_constructible<value_type>)
  {
    detail::outgoing<value_type> element(v);
    detail::channel_send(core(), element.address());
    element.sent();
  }
  SNAG_INLINE void send(value_type&& v) const
    requires(sends && carries_values)
  {
    detail::outgoing<value_type> element(std::move(v));
    detail::channel_send(core(), element.address());
    element.sent();
  }
  SNAG_INLINE void send() const
    requires(sends && !carries_values)
  {
    detail::channel_send(core(), nullptr);
  }
  SNAG_INLINE void operator<<(const value_type& v) const
    requires(sends && carries_values && std::copy_constructible<value_type>)
  {
    send(v);
  }
  SNAG_INLINE void operator<<(value_type&& v) const
    requires(sends && carries_values)
  {
    send(std::move(v));
  }

  // False if that would have to wait; then `v` is untouched.
  SNAG_INLINE bool try_send(const value_type& v) const
    requires(sends && carries_values && std::copy_constructible<value_type>)
  {
    return try_send_from(v);
  }
  SNAG_INLINE bool try_send(value_type&& v) const
    requires(sends && carries_values)
  {
    return try_send_from(std::move(v));
  }
  SNAG_INLINE bool try_send() const
    requires(sends && !carries_values)
  {
    return detail::channel_try_send(core(), nullptr);
  }

  // --- Receiving: parks until there is an element or the channel is closed and drained.
  SNAG_INLINE value_type recv() const  // T{} once closed and drained
    requires(receives && carries_values && std::default_initializable<value_type>)
  {
    detail::incoming<value_type> element;
    if (!detail::channel_receive(core(), element.address())) return value_type{};
    return element.take();
  }
  SNAG_INLINE void recv() const
    requires(receives && !carries_values)
  {
    detail::channel_receive(core(), nullptr);
  }
  [[nodiscard]] SNAG_INLINE std::optional<value_type> next() const  // nullopt once closed and drained
    requires(receives && carries_values)
  {
    detail::incoming<value_type> element;
    if (!detail::channel_receive(core(), element.address())) return std::nullopt;
    return element.take_optional();
  }
  [[nodiscard]] SNAG_INLINE bool next() const
    requires(receives && !carries_values)
  {
    return detail::channel_receive(core(), nullptr);
  }
  SNAG_INLINE bool recv(
      value_type& to) const  // false: closed and drained, `to` is T{} if there is such a value
    requires(receives && carries_values)
  {
    detail::incoming<value_type> element;
    const bool received = detail::channel_receive(core(), element.address());
    element.take_into(to, received);
    return received;
  }
  SNAG_INLINE chan_status try_recv(value_type& to) const
    requires(receives && carries_values)
  {
    detail::incoming<value_type> element;
    const chan_status status = detail::channel_try_receive(core(), element.address());
    if (status != chan_status::empty) element.take_into(to, status == chan_status::ok);
    return status;
  }
  SNAG_INLINE chan_status try_recv() const  // an element is dropped
    requires(receives)
  {
    detail::incoming<value_type> element;
    return detail::channel_try_receive(core(),
                                       detail::is_stateless<value_type> ? nullptr : element.address());
  }

  // for (T& v : c): receives until the channel is closed and drained.
  class iterator {
   public:
    using value_type = chan::value_type;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    SNAG_INLINE explicit iterator(const recv_chan<T>& from) : from_(from) { ++*this; }
    iterator(iterator&&) = default;
    iterator& operator=(iterator&&) = default;
    value_type& operator*() const { return *value_; }
    value_type* operator->() const { return &*value_; }
    SNAG_INLINE iterator& operator++() {
      value_.reset();
      detail::incoming<value_type> element;
      if (detail::channel_receive(from_.core(),
                                  detail::is_stateless<value_type> ? nullptr : element.address())) {
        value_.emplace(element.take());
      }
      return *this;
    }
    SNAG_INLINE void operator++(int) { ++*this; }
    friend bool operator==(const iterator& i, std::default_sentinel_t) { return !i.value_.has_value(); }

   private:
    recv_chan<T> from_;  // the channel that was ranged over, even if the variable is assigned meanwhile
    mutable std::optional<value_type> value_;
  };
  SNAG_INLINE iterator begin() const
    requires(receives)
  {
    return iterator(*this);
  }
  std::default_sentinel_t end() const
    requires(receives)
  {
    return {};
  }

  SNAG_INLINE void close() const  // receive-only channels cannot be closed
    requires(sends)
  {
    detail::channel_close(core());
  }

  // --- What does not compile, with the reason.
  template <class... A>
    requires(!sends)
  void send(A&&...) const SNAG_DELETE_BECAUSE("a receive-only channel cannot be sent to");
  template <class A>
    requires(!sends)
  void operator<<(A&&) const SNAG_DELETE_BECAUSE("a receive-only channel cannot be sent to");
  template <class... A>
    requires(!sends)
  bool try_send(A&&...) const SNAG_DELETE_BECAUSE("a receive-only channel cannot be sent to");
  template <class... A>
    requires(!sends)
  void close(A&&...) const SNAG_DELETE_BECAUSE("a receive-only channel cannot be closed");
  template <class... A>
    requires(!receives)
  void recv(A&&...) const SNAG_DELETE_BECAUSE("a send-only channel cannot be received from");
  template <class... A>
    requires(!receives)
  void next(A&&...) const SNAG_DELETE_BECAUSE("a send-only channel cannot be received from");
  template <class... A>
    requires(!receives)
  void try_recv(A&&...) const SNAG_DELETE_BECAUSE("a send-only channel cannot be received from");
  template <class... A>
    requires(!receives)
  void begin(A&&...) const SNAG_DELETE_BECAUSE("a send-only channel cannot be received from");
  void send(const value_type&) const
    requires(sends && carries_values && !std::copy_constructible<value_type>)
  SNAG_DELETE_BECAUSE("the elements of this channel cannot be copied: send std::move(v)");
  void operator<<(const value_type&) const
    requires(sends && carries_values && !std::copy_constructible<value_type>)
  SNAG_DELETE_BECAUSE("the elements of this channel cannot be copied: send std::move(v)");
  bool try_send(const value_type&) const
    requires(sends && carries_values && !std::copy_constructible<value_type>)
  SNAG_DELETE_BECAUSE("the elements of this channel cannot be copied: send std::move(v)");
  value_type recv() const
    requires(receives && carries_values && !std::default_initializable<value_type>)
  SNAG_DELETE_BECAUSE("recv() needs a default value, for when the channel is closed: use next()");

  [[nodiscard]] SNAG_INLINE std::size_t len() const noexcept { return detail::channel_length(core()); }
  [[nodiscard]] SNAG_INLINE std::size_t cap() const noexcept { return detail::channel_capacity(core()); }

 private:
  template <class, detail::channel_direction>
  friend class chan;
  friend struct detail::handle_access;

  struct shared {};
  chan(detail::channel* core, shared) noexcept : core_(core) { detail::gain_channel(core_, D, this); }

  // The one place that reads the handle: a race on the handle is the user's, at the place of the operation.
  SNAG_USER_ACCESS detail::channel* core() const noexcept { return core_; }

  template <class U>
  SNAG_INLINE bool try_send_from(U&& v) const {
    if constexpr (detail::is_boxed<value_type>) {
      detail::begun_send send(core());
      if (!send) return false;
      detail::outgoing<value_type> element(std::forward<U>(v));  // if this throws, the send is abandoned
      send.commit(element.address());
      element.sent();
      return true;
    } else {
      detail::outgoing<value_type> element(std::forward<U>(v));
      return detail::channel_try_send(core(), element.address());
    }
  }

  detail::channel* core_ = nullptr;
};

namespace detail {
struct handle_access {
  template <class Chan>
  static Chan share(channel* core) noexcept {  // one more handle to it
    return Chan(core, typename Chan::shared{});
  }
  template <class T, channel_direction D>
  static channel* core(const chan<T, D>& c) noexcept {
    return c.core();
  }
};
}  // namespace detail

}  // namespace snag
