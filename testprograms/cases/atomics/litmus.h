// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the cases of this folder share. A case is a few bodies that run at once, as goroutines or as threads,
// and ends when all have; its verdict is that of C++20 (N4861), whose clause its `why` names.
//
// The verdict holds for whatever values the standard lets the atomics have, not only for those that an
// interleaving shows. So a reader waits for the one value that matters, and after waiting for one object
// it relies on another only if the first wait was an acquire.
#include <snag/snag.h>

#include <atomic>
#include <cstdlib>
#include <thread>
#include <type_traits>

#include "../case.h"

using enum std::memory_order;  // relaxed, consume, acquire, release, acq_rel, seq_cst

template <class... Bodies>
void in_goroutines(const Bodies&... bodies) {
  snag::wait_group all;
  (all.go(std::ref(bodies)), ...);
  all.wait();
}

template <class... Bodies>
void in_threads(const Bodies&... bodies) {
  std::thread all[] = {std::thread(std::ref(bodies))...};
  for (std::thread& each : all) each.join();
}

// Loads until the value is there, and lets others run meanwhile: goroutines or threads, whatever the caller
// is.
template <class Atomic>
void await(const Atomic& object, typename Atomic::value_type value, std::memory_order order) {
  while (object.load(order) != value) snag::yield();
}

// Keeps a read that nobody needs.
template <class T>
void look_at(T value) {
  asm volatile("" : : "r"(value));
}

inline void check(bool right) {
  if (!right) std::abort();
}
