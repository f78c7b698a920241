// SPDX-License-Identifier: Apache-2.0
#pragma once
// What keeps an access in the program at -O2 as well, and one side of a race after the other.
#include <snag/runtime.h>

#include <atomic>

#include "../use.h"

namespace cases {

using ::use;

// The value, which the optimiser does not know any more.
template <class T>
[[gnu::noinline]] T opaque(T value) {
  asm volatile("" : : "r"(&value) : "memory");
  return value;
}

// An order in time that is no happens-before: relaxed operations order nothing. For accesses that could crash
// if they met, and for races that one order of the two would hide.
class moment {
 public:
  void arrive() { arrived_.store(true, std::memory_order_relaxed); }
  void await() const {
    while (!arrived_.load(std::memory_order_relaxed)) snag::yield();
  }

 private:
  std::atomic<bool> arrived_ = false;
};

}  // namespace cases
