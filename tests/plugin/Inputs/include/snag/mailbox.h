// SPDX-License-Identifier: Apache-2.0
#pragma once
// Stands for the runtime's headers: the library's own bookkeeping, and the user's elements copied in and out.
#include <utility>

namespace snag {
namespace detail {
extern int own_state;  // of the library: its accesses are none of the user's business
void library_call();

template <class T>
[[clang::annotate("snag.user_access")]] void copy_out(T* to, T* from) {
  *to = std::move(*from);
}
}  // namespace detail

template <class T>
class mailbox {
 public:
  void put(const T& value) {
    ++count_;
    detail::own_state = count_;
    [&]() { detail::own_state += 2; }();
    slot_ = value;
  }
  bool take(T& to) {
    if (count_ == 0) return false;
    --count_;
    detail::library_call();
    detail::copy_out(&to, &slot_);
    return true;
  }
  [[gnu::always_inline]] inline bool take_inlined(T& to) { return take(to); }
  template <class F>
  void each(F f) {
    for (int i = 0; i < count_; ++i) f(slot_);
  }
  template <class F>
  [[gnu::noinline]] void apart(F f) {
    ++count_;
    f();
    --count_;
  }
  template <class F, class G>
  [[gnu::noinline]] void in_spite_of(F f, G g) {
    try {
      f();
    } catch (...) {
      ++count_;
    }
    g();
  }

 private:
  int count_ = 0;
  T slot_{};
};
}  // namespace snag
