// SPDX-License-Identifier: Apache-2.0
// What the standard library itself orders: threads, locks, conditions, futures, latches, atomic waits and
// statics. Each case writes and reads one plain variable, which the named edge orders, or, in the RACE beside
// it, does not.
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>
#ifdef __cpp_lib_jthread
#include <stop_token>
#endif

#include "../cases/case.h"

using namespace std::chrono_literals;

namespace {

template <class One, class Other>
void in_two_threads(One one, Other other) {
  std::thread first([&] { one(); }), second([&] { other(); });
  first.join();
  second.join();
}

template <class Mutex>
void count_under() {
  Mutex mutex;
  int count = 0;
  const auto work = [&] {
    for (int i = 0; i < 20; ++i) {
      const std::lock_guard lock(mutex);
      ++count;
    }
  };
  in_two_threads(work, work);
}

template <class Mutex>
void count_under_timed() {
  Mutex mutex;
  int count = 0;
  const auto work = [&] {
    for (int i = 0; i < 20; ++i)
      if (std::unique_lock lock(mutex, 1h); lock.owns_lock()) ++count;
  };
  in_two_threads(work, work);
}

template <class Mutex>
void write_and_share() {
  Mutex mutex;
  int number = 0;
  const auto work = [&] {
    for (int i = 0; i < 20; ++i) {
      {
        const std::lock_guard lock(mutex);
        ++number;
      }
      const std::shared_lock lock(mutex);
      if (number == 0) std::abort();
    }
  };
  in_two_threads(work, work);
}

}  // namespace

NO_RACE(promise_at_thread_exit) {
  int number = 0;
  std::promise<int> promise;
  std::future<int> result = promise.get_future();
  in_two_threads(
      [&] {
        number = 1;
        promise.set_value_at_thread_exit(1);
      },
      [&] { number += result.get(); });
}
