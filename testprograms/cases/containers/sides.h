// SPDX-License-Identifier: Apache-2.0
#pragma once
// The two sides of a case: two functions that touch the same container, and what orders them. Each side runs
// in a goroutine of its own or, with -DON_THREADS, in a std::thread.
#ifndef ON_THREADS
#include <snag/snag.h>
#endif

#include <atomic>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "../case.h"

// Uses a value, so that reading it is not optimised away: keep(numbers[0]) reads numbers[0] in the caller's
// line.
template <class T>
void keep(T value) {
  asm volatile("" : : "g"(&value) : "memory");
}

// Reads every element.
template <class Range>
void read_all(const Range& range) {
  for (const auto& element : range) keep(element);
}

#ifdef ON_THREADS

using side_mutex = std::mutex;

class all_sides {
 public:
  template <class Side>
  void go(Side side) {
    threads_.emplace_back(std::move(side));
  }
  void wait() {
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  std::vector<std::thread> threads_;
};

class signal_once {
 public:
  void send() { promise_.set_value(); }
  void wait() { promise_.get_future().wait(); }

 private:
  std::promise<void> promise_;
};

inline void let_others_run() { std::this_thread::yield(); }

#else

using side_mutex = snag::mutex;
using all_sides = snag::wait_group;

class signal_once {
 public:
  void send() { channel_.send(); }
  void wait() { channel_.recv(); }

 private:
  snag::chan<void> channel_;
};

inline void let_others_run() { snag::yield(); }

#endif

// Nothing orders the sides.
template <class One, class Other>
void side_by_side(One one, Other other) {
  all_sides both;
  both.go([&] { one(); });
  both.go([&] { other(); });
  both.wait();
}

// An order in time that is none in the memory model: a relaxed flag. For what would do more than race if it
// met, such as two insertions.
template <class First, class Second>
void one_after_the_other(First first, Second second) {
  std::atomic<bool> over = false;
  side_by_side(
      [&] {
        first();
        over.store(true, std::memory_order_relaxed);
      },
      [&] {
        while (!over.load(std::memory_order_relaxed)) let_others_run();
        second();
      });
}

// Either first, both under one mutex.
template <class One, class Other>
void under_one_mutex(One one, Other other) {
  side_mutex mutex;
  side_by_side(
      [&] {
        const std::lock_guard lock(mutex);
        one();
      },
      [&] {
        const std::lock_guard lock(mutex);
        other();
      });
}

// The second side waits for a message from the first.
template <class First, class Second>
void handed_over(First first, Second second) {
  signal_once message;
  side_by_side(
      [&] {
        first();
        message.send();
      },
      [&] {
        message.wait();
        second();
      });
}

// Four sides call work(0), work(1), … work(99) between them, each call under one mutex.
template <class Work>
void many_under_one_mutex(Work work) {
  side_mutex mutex;
  all_sides all;
  for (int side = 0; side < 4; ++side)
    all.go([&, side] {
      for (int i = side; i < 100; i += 4) {
        const std::lock_guard lock(mutex);
        work(i);
      }
    });
  all.wait();
}
