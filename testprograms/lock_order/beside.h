// SPDX-License-Identifier: Apache-2.0
#pragma once
// What these programs are made of, twice: goroutines and Snag's locks, or with -DON_THREADS threads and the
// standard library's.
#include <atomic>
#include <mutex>
#ifdef ON_THREADS
#include <thread>
#include <vector>

using mutex = std::mutex;
inline void give_way() { std::this_thread::yield(); }

class beside {
 public:
  template <class F>
  void go(F f) {
    all_.emplace_back(f);
  }
  void wait() {
    for (std::thread& t : all_) t.join();
    all_.clear();
  }

 private:
  std::vector<std::thread> all_;
};
#else
#include <snag/snag.h>

using mutex = snag::mutex;
inline void give_way() { snag::yield(); }

class beside {
 public:
  template <class F>
  void go(F f) {
    all_.go(f);
  }
  void wait() { all_.wait(); }

 private:
  snag::wait_group all_;
};
#endif
using guard = std::lock_guard<mutex>;

// Lets one after the other do its part, so that no run deadlocks. Relaxed: it orders nothing.
class turns {
 public:
  void wait_for(int turn) const {
    while (now_.load(std::memory_order_relaxed) < turn) give_way();
  }
  void next() { now_.fetch_add(1, std::memory_order_relaxed); }

 private:
  std::atomic<int> now_{0};
};
