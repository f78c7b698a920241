// SPDX-License-Identifier: Apache-2.0
#pragma once
// An object that is made on first use and never destroyed: threads use it until the very end of the process.
// The runtime has no function-local statics with guards of its own, since guards tell observers and may park,
// on the very tables that are made here.
#include <atomic>

namespace snag::detail {

template <class T>
class leaked {
 public:
  // Two threads may both make one at first; one of the two is deleted again.
  template <class Make>
  T& get(Make make) noexcept {
    T* object = object_.load(std::memory_order_acquire);
    if (object == nullptr) [[unlikely]] {
      T* const made = make();
      if (object_.compare_exchange_strong(object, made, std::memory_order_acq_rel)) return *made;
      delete made;
    }
    return *object;
  }
  T& get() noexcept {
    return get([] { return new T; });
  }

 private:
  std::atomic<T*> object_{nullptr};
};

}  // namespace snag::detail
