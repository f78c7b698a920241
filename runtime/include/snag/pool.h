// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keeps objects that are expensive to make for whoever needs one next. get() may answer any object that was
// put back, or a new one; what was put back may go at any time.
//
//   pool<std::string> buffers([] { std::string s; s.reserve(4096); return s; });
//   std::string buffer = buffers.get();  …  buffer.clear(), buffers.put(std::move(buffer));
//
// Semantics: Go, sync.Pool: a cache for each worker, looked through by the others when their own is empty.
// There is no garbage collector to drop what is not used: a put does, every ten seconds or so, what shrink()
// does; what was not used over two of them is destroyed. A put(x) happens before the get() that answers x,
// and orders nothing else. No lock is held while T's functions run. Thread-safe; captured by reference.
#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include "snag/config.h"
#include "snag/detail/inline.h"
#include "snag/detail/object_header.h"

namespace snag {

namespace detail {
class pool_core;
struct pool_item {
  object_header header{object_kind::other};  // its clock: what was done before it was put back
  pool_item* next = nullptr;
};
pool_core* make_pool(void (*destroy)(pool_item*) noexcept);
void destroy_pool(pool_core*) noexcept;
void put_into_pool(pool_core&, pool_item*);
pool_item* get_from_pool(pool_core&);  // the caller's; null: empty
void shrink_pool(pool_core&);
void forget_pool_item(pool_item&) noexcept;  // about to be deleted
}  // namespace detail

template <class T>
class pool {
  static_assert(std::is_object_v<T> && !std::is_const_v<T>, "a pool keeps objects, not references or const");
  static_assert(std::move_constructible<T>, "what a pool keeps is moved in and out: keep a std::unique_ptr");

 public:
  SNAG_INLINE pool()
    requires std::default_initializable<T>
      : pool([] { return T(); }) {}
  // make() answers a new object.
  template <class F>
    requires std::is_invocable_r_v<T, F&>
  SNAG_INLINE explicit pool(F make) : make_(std::move(make)), core_(detail::make_pool(&destroy)) {}
  SNAG_INLINE ~pool() { detail::destroy_pool(core_); }
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  [[nodiscard]] SNAG_INLINE T get() {
    if (detail::pool_item* const found = detail::get_from_pool(*core_)) return take(found);
    return create();
  }
  SNAG_INLINE void put(T x) {  // null pointers are ignored
    if (!is_null(x)) detail::put_into_pool(*core_, wrap(std::move(x)));
  }
  // Destroys what has not been used since the last time; what was put back since then has until the next.
  SNAG_INLINE void shrink() { detail::shrink_pool(*core_); }

 private:
  struct item : detail::pool_item {
    SNAG_USER_ACCESS explicit item(T&& x) : value(std::move(x)) {}
    T value;
  };

  SNAG_USER_ACCESS T create() { return make_(); }
  SNAG_USER_ACCESS static bool is_null(const T& x) {
    if constexpr (std::is_pointer_v<T> || requires {
                    typename T::element_type;
                    x == nullptr;
                  }) {
      return x == nullptr;
    } else {
      return false;
    }
  }
  SNAG_USER_ACCESS static detail::pool_item* wrap(T&& x) { return new item(std::move(x)); }
  SNAG_USER_ACCESS static T take(detail::pool_item* found) {
    struct deleter {
      detail::pool_item* i;
      ~deleter() { destroy(i); }
    } const after{found};
    return std::move(static_cast<item*>(found)->value);
  }
  static void destroy(detail::pool_item* i) noexcept {
    detail::forget_pool_item(*i);
    delete static_cast<item*>(i);
  }

  std::function<T()> make_;
  detail::pool_core* const core_;
};

}  // namespace snag
