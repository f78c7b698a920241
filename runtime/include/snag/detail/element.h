// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the elements of one type cross a channel: as bytes, boxed, or (void and empty types) as nothing at all.
// The only functions that touch the user's objects are those marked SNAG_USER_ACCESS.
#include <cstddef>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include "snag/config.h"
#include "snag/detail/channel.h"

namespace snag::detail {

struct nothing {};  // the value of a chan<void>

template <class T>
using element_value = std::conditional_t<std::is_void_v<T>, nothing, T>;

template <class T>
inline constexpr bool is_stateless = std::is_empty_v<T> && std::is_trivially_copyable_v<T>;
template <class T>
inline constexpr bool is_boxed = !std::is_trivially_copyable_v<T>;

template <class T>
void destroy_box(void* box) noexcept {
  delete static_cast<T*>(box);
}

template <class T>
constexpr element_type type_of_element() {
  static_assert(std::is_object_v<T> && !std::is_const_v<T> && !std::is_volatile_v<T>,
                "a channel carries values, not references or const objects");
  static_assert(std::is_move_constructible_v<T>, "the elements of a channel must be movable");
  static_assert(is_boxed<T> || sizeof(T) < 65536, "the elements of a channel must be smaller than 64 KiB");
  if constexpr (is_boxed<T>) return {sizeof(void*), &destroy_box<T>};
  if constexpr (is_stateless<T>) return {0, nullptr};
  return {sizeof(T), nullptr};
}

// A temporary that holds one element on its way out of the user's hands.
template <class T>
class outgoing {
 public:
  template <class U>
  SNAG_USER_ACCESS explicit outgoing(U&& from) {
    if constexpr (is_boxed<T>) {
      box_ = new T(std::forward<U>(from));
    } else {
      ::new (static_cast<void*>(bytes_)) T(std::forward<U>(from));
    }
  }
  ~outgoing() {
    if constexpr (is_boxed<T>) delete box_;  // not sent
  }
  outgoing(const outgoing&) = delete;
  outgoing& operator=(const outgoing&) = delete;

  void* address() {
    if constexpr (is_boxed<T>) {
      return &box_;
    } else {
      return bytes_;
    }
  }
  void sent() {
    if constexpr (is_boxed<T>) box_ = nullptr;
  }

 private:
  union {
    T* box_;
    alignas(T) std::byte bytes_[is_boxed<T> ? sizeof(T*) : sizeof(T)];
  };
};

// A temporary that an element arrives in. After an arrival one of the `take`s may be called, once; then it
// may be used again.
template <class T>
class incoming {
 public:
  incoming() : box_(nullptr) {}
  ~incoming() {
    if constexpr (is_boxed<T>) delete box_;
  }
  incoming(const incoming&) = delete;
  incoming& operator=(const incoming&) = delete;

  void* address() {
    if constexpr (is_boxed<T>) {
      delete std::exchange(box_, nullptr);
      return &box_;
    } else {
      return bytes_;
    }
  }
  T& value() {
    if constexpr (is_boxed<T>) {
      return *box_;
    } else {
      return *std::launder(reinterpret_cast<T*>(bytes_));
    }
  }
  SNAG_USER_ACCESS T take() { return T(std::move(value())); }
  // Zero if nothing arrived, where there is such a value. (One function, so that the optimiser, if it makes
  // one store of the two, makes it here.)
  SNAG_USER_ACCESS void take_into(T& to, bool arrived) {
    if (!arrived) {
      if constexpr (std::is_default_constructible_v<T> && std::is_move_assignable_v<T>) to = T{};
    } else if constexpr (std::is_move_assignable_v<T>) {
      to = std::move(value());
    } else {
      to.~T();
      ::new (static_cast<void*>(&to)) T(std::move(value()));
    }
  }
  SNAG_USER_ACCESS std::optional<T> take_optional() { return std::optional<T>(std::move(value())); }

 private:
  union {
    T* box_;
    alignas(T) std::byte bytes_[is_boxed<T> ? sizeof(T*) : sizeof(T)];
  };
};

}  // namespace snag::detail
