// SPDX-License-Identifier: Apache-2.0
#pragma once
// defer d([&] { … }); runs its function when the enclosing block is left, in reverse order of declaration,
// also by a panic or goexit(). Unlike Go's, it belongs to the block, not the function; and while a panic
// unwinds, a function that panics itself ends the program (printing both), because C++ cannot replace an
// exception in flight.
#include <utility>

namespace snag {

template <class F>
class [[nodiscard("a defer that is not named runs at once")]] defer {
 public:
  explicit defer(F f) : f_(std::move(f)) {}
  ~defer() noexcept(false) { f_(); }
  defer(const defer&) = delete;
  defer& operator=(const defer&) = delete;

 private:
  F f_;
};

}  // namespace snag
