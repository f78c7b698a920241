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

#include "../case.h"

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

RACE(nothing) {
  int number = 0;
  in_two_threads([&] { number = 1; },   // <- 1
                 [&] { number = 2; });  // <- 2
}

NO_RACE(thread_start_and_join) {
  int number = 1;
  std::thread other([&] { ++number; });
  other.join();
  ++number;
}

RACE(thread_before_join) {
  int number = 1;
  std::thread other([&] { ++number; });  // <- 1
  ++number;                              // <- 2
  other.join();
}

NO_RACE(thread_arguments) {
  std::string text = "a text that is too long for the place inside the string object";
  std::thread other(
      [](std::string mine, std::unique_ptr<int> number) { mine[0] += static_cast<char>(*number); }, text,
      std::make_unique<int>(1));
  text[0] = 'x';
  other.join();
}

NO_RACE(thread_in_a_vector) {
  std::vector<int> numbers(8);
  std::vector<std::thread> threads;
  for (int& n : numbers) threads.emplace_back([&n] { n = 1; });
  for (std::thread& t : threads) t.join();
  int sum = 0;
  for (const int n : numbers) sum += n;
  if (sum != 8) std::abort();
}

NO_RACE(thread_locals_of_threads) {
  static thread_local std::string mine;
  const auto work = [] {
    for (int i = 0; i < 10; ++i) mine += "some text";
  };
  in_two_threads(work, work);
}

NO_RACE(mutex) { count_under<std::mutex>(); }
NO_RACE(recursive_mutex) { count_under<std::recursive_mutex>(); }
NO_RACE(timed_mutex) { count_under<std::timed_mutex>(); }
NO_RACE(timed_mutex_for_an_hour) { count_under_timed<std::timed_mutex>(); }
NO_RACE(recursive_timed_mutex) { count_under_timed<std::recursive_timed_mutex>(); }
NO_RACE(shared_mutex) { write_and_share<std::shared_mutex>(); }
NO_RACE(shared_timed_mutex) { write_and_share<std::shared_timed_mutex>(); }

RACE(write_under_a_shared_lock, "readers do not order one another") {
  std::shared_mutex mutex;
  int number = 0;
  const auto work = [&] {
    const std::shared_lock lock(mutex);
    ++number;  // <- 1 2
  };
  in_two_threads(work, work);
}

RACE(two_mutexes) {
  std::mutex one, other;
  int number = 0;
  in_two_threads(
      [&] {
        const std::lock_guard lock(one);
        ++number;  // <- 1
      },
      [&] {
        const std::lock_guard lock(other);
        ++number;  // <- 2
      });
}

NO_RACE(scoped_lock_of_two) {
  std::mutex one, other;
  int number = 0;
  in_two_threads(
      [&] {
        const std::scoped_lock lock(one, other);
        ++number;
      },
      [&] {
        const std::scoped_lock lock(other, one);
        ++number;
      });
}

NO_RACE(condition_variable) {
  std::mutex mutex;
  std::condition_variable changed;
  bool ready = false;
  int number = 0;
  in_two_threads(
      [&] {
        number = 1;
        const std::lock_guard lock(mutex);
        ready = true;
        changed.notify_one();
      },
      [&] {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return ready; });
        ++number;
      });
}

NO_RACE(condition_variable_for_an_hour) {
  std::mutex mutex;
  std::condition_variable changed;
  bool ready = false;
  int number = 0;
  in_two_threads(
      [&] {
        number = 1;
        const std::lock_guard lock(mutex);
        ready = true;
        changed.notify_all();
      },
      [&] {
        std::unique_lock lock(mutex);
        if (changed.wait_for(lock, 1h, [&] { return ready; })) ++number;
      });
}

NO_RACE(condition_variable_any) {
  std::shared_mutex mutex;
  std::condition_variable_any changed;
  bool ready = false;
  int number = 0;
  in_two_threads(
      [&] {
        number = 1;
        const std::lock_guard lock(mutex);
        ready = true;
        changed.notify_all();
      },
      [&] {
        std::shared_lock lock(mutex);
        changed.wait(lock, [&] { return ready; });
        ++number;
      });
}

RACE(condition_variable_and_a_write_too_late) {
  std::mutex mutex;
  std::condition_variable changed;
  bool ready = false;
  int number = 0;
  in_two_threads(
      [&] {
        {
          const std::lock_guard lock(mutex);
          ready = true;
          changed.notify_one();
        }
        number = 1;  // <- 1
      },
      [&] {
        {
          std::unique_lock lock(mutex);
          changed.wait(lock, [&] { return ready; });
        }
        ++number;  // <- 2
      });
}

NO_RACE(notify_at_thread_exit) {
  std::mutex mutex;
  std::condition_variable changed;
  bool ready = false;
  int number = 0;
  std::thread other([&] {
    std::unique_lock lock(mutex);
    number = 1;
    ready = true;
    std::notify_all_at_thread_exit(changed, std::move(lock));
  });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return ready; });
    ++number;
  }
  other.join();
}

NO_RACE(call_once) {
  std::once_flag once;
  int number = 0;
  const auto work = [&] {
    std::call_once(once, [&] { number = 1; });
    if (number != 1) std::abort();
  };
  in_two_threads(work, work);
}

NO_RACE(call_once_after_an_exception) {
  std::once_flag once;
  int attempts = 0, number = 0;
  const auto work = [&] {
    try {
      std::call_once(once, [&] {
        if (++attempts == 1) throw std::runtime_error("not yet");
        number = 1;
      });
    } catch (const std::runtime_error&) {
      std::call_once(once, [&] { number = 1; });
    }
    if (number != 1) std::abort();
  };
  in_two_threads(work, work);
}

NO_RACE(static_with_an_initialiser) {
  struct table {
    std::vector<int> numbers = {1, 2, 3};
    static const table& only() {
      static const table t;
      return t;
    }
  };
  const auto work = [] {
    if (table::only().numbers[2] != 3) std::abort();
  };
  in_two_threads(work, work);
}

NO_RACE(promise_and_future) {
  int number = 0;
  std::promise<std::string> promise;
  std::future<std::string> result = promise.get_future();
  in_two_threads(
      [&] {
        number = 1;
        promise.set_value("done");
      },
      [&] {
        if (result.get() != "done" || number != 1) std::abort();
      });
}

RACE(promise_and_a_write_too_late) {
  int number = 0;
  std::promise<void> promise;
  std::future<void> result = promise.get_future();
  in_two_threads(
      [&] {
        promise.set_value();
        number = 1;  // <- 1
      },
      [&] {
        result.wait();
        ++number;  // <- 2
      });
}

NO_RACE(shared_future) {
  int number = 0;
  std::promise<int> promise;
  const std::shared_future<int> result = promise.get_future().share();
  std::thread reader([result, &number] {
    if (result.get() != number) std::abort();
  });
  std::thread other([result, &number] {
    if (result.get() != number) std::abort();
  });
  number = 7;
  promise.set_value(7);
  reader.join();
  other.join();
}

NO_RACE(future_wait_for_an_hour) {
  int number = 0;
  std::promise<void> promise;
  std::future<void> result = promise.get_future();
  in_two_threads(
      [&] {
        number = 1;
        promise.set_value();
      },
      [&] {
        if (result.wait_for(1h) == std::future_status::ready) ++number;
      });
}

NO_RACE(packaged_task) {
  int number = 0;
  std::packaged_task<int(int)> task([&](int n) { return number = n; });
  std::future<int> result = task.get_future();
  std::thread other(std::move(task), 7);
  if (result.get() != number) std::abort();
  other.join();
}

NO_RACE(async) {
  int number = 1;
  std::future<void> result = std::async(std::launch::async, [&] { ++number; });
  result.get();
  ++number;
}

NO_RACE(async_that_throws) {
  int number = 1;
  std::future<void> result = std::async(std::launch::async, [&] {
    ++number;
    throw std::runtime_error("after the change");
  });
  try {
    result.get();
  } catch (const std::runtime_error& e) {
    if (e.what()[0] == 'a') ++number;
  }
}

NO_RACE(async_deferred) {
  int number = 1;
  std::future<int> result = std::async(std::launch::deferred, [&] { return ++number; });
  std::thread other([&] { result.get(); });
  other.join();
  ++number;
}

NO_RACE(async_destroyed) {
  int number = 1;
  {
    const std::future<void> result = std::async(std::launch::async, [&] { ++number; });
  }
  ++number;
}

NO_RACE(latch) {
  std::latch done(2);
  int numbers[2] = {};
  std::thread one([&] { numbers[0] = 1, done.count_down(); }),
      other([&] { numbers[1] = 2, done.count_down(); });
  done.wait();
  if (numbers[0] + numbers[1] != 3) std::abort();
  one.join();
  other.join();
}

NO_RACE(barrier) {
  int numbers[2] = {}, sum = 0;
  std::barrier meet(2, [&]() noexcept { sum += numbers[0] + numbers[1]; });
  in_two_threads(
      [&] {
        for (int i = 0; i < 5; ++i) {
          numbers[0] = i;
          meet.arrive_and_wait();
          if (sum < 0) std::abort();
        }
      },
      [&] {
        for (int i = 0; i < 5; ++i) {
          numbers[1] = i;
          meet.arrive_and_wait();
        }
      });
}

NO_RACE(counting_semaphore) {
  std::counting_semaphore<4> ready(0);
  int number = 0;
  in_two_threads(
      [&] {
        number = 1;
        ready.release();
      },
      [&] {
        ready.acquire();
        ++number;
      });
}

NO_RACE(binary_semaphore_as_a_lock) {
  std::binary_semaphore turn(1);
  int count = 0;
  const auto work = [&] {
    for (int i = 0; i < 20; ++i) {
      turn.acquire();
      ++count;
      turn.release();
    }
  };
  in_two_threads(work, work);
}

NO_RACE(semaphore_for_an_hour) {
  std::counting_semaphore<4> ready(0);
  int number = 0;
  in_two_threads(
      [&] {
        number = 1;
        ready.release();
      },
      [&] {
        if (ready.try_acquire_for(1h)) ++number;
      });
}

NO_RACE(atomic_wait_and_notify) {
  std::atomic<int> state = 0;
  int number = 0;
  in_two_threads(
      [&] {
        number = 1;
        state.store(1);
        state.notify_one();
      },
      [&] {
        state.wait(0);
        ++number;
      });
}

NO_RACE(atomic_wait_of_eight_bytes) {
  std::atomic<long> state = 0;
  int number = 0;
  in_two_threads(
      [&] {
        number = 1;
        state.store(1, std::memory_order_release);
        state.notify_all();
      },
      [&] {
        state.wait(0, std::memory_order_acquire);
        ++number;
      });
}

RACE(atomic_wait_relaxed) {
  std::atomic<int> state = 0;
  int number = 0;
  in_two_threads(
      [&] {
        number = 1;  // <- 1
        state.store(1, std::memory_order_relaxed);
        state.notify_one();
      },
      [&] {
        state.wait(0, std::memory_order_relaxed);
        ++number;  // <- 2
      });
}

NO_RACE(atomic_flag_wait) {
  std::atomic_flag over;
  int number = 0;
  in_two_threads(
      [&] {
        number = 1;
        over.test_and_set();
        over.notify_one();
      },
      [&] {
        over.wait(false);
        ++number;
      });
}

NO_RACE(atomic_of_a_small_struct) {
  struct point {
    char x, y;
  };
  std::atomic<point> where = point{0, 0};
  int number = 0;
  in_two_threads(
      [&] {
        number = 1;
        where.store(point{1, 1});
      },
      [&] {
        while (where.load().x == 0) std::this_thread::yield();
        ++number;
      });
}

#ifdef __cpp_lib_jthread
NO_RACE(jthread_joins) {
  int number = 0;
  {
    const std::jthread other([&] { number = 1; });
  }
  ++number;
}

NO_RACE(jthread_is_stopped) {
  int number = 0;
  {
    std::jthread other([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) std::this_thread::yield();
      ++number;
    });
    number = 1;
    other.request_stop();
  }
  ++number;
}

NO_RACE(stop_callback_runs) {
  std::stop_source source;
  int number = 0;
  std::latch registered(1);
  in_two_threads(
      [&] {
        const std::stop_callback ring(source.get_token(), [&] { number = 1; });
        registered.count_down();
        while (!source.stop_requested()) std::this_thread::yield();
      },
      [&] {
        registered.wait();
        source.request_stop();
        ++number;
      });
}
#endif

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
