// SPDX-License-Identifier: Apache-2.0
// The rows for std::thread: a thread for each goroutine, channels of a mutex and condition variables. Counts
// are smaller (see light in rows.h); figures are for one operation all the same.
#include <sched.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "rows.h"

namespace {

namespace peers = snag::peers;

struct api {
  static constexpr bool light = false;
  static constexpr bool counts = false;

  template <class T>
  struct channel_of {
    struct state {
      std::mutex m;
      std::condition_variable not_full, not_empty, taken;
      std::deque<T> queue;
      std::size_t capacity = 0;
      std::size_t receivers = 0;
      std::uint64_t sent = 0, received = 0;
      bool closed = false;
    };
    explicit channel_of(int capacity) : s(std::make_shared<state>()) {
      s->capacity = static_cast<std::size_t>(capacity);
    }
    void send(T v) const {
      std::unique_lock lock(s->m);
      s->not_full.wait(lock, [this] { return s->queue.size() < std::max<std::size_t>(s->capacity, 1); });
      s->queue.push_back(v);
      const std::uint64_t ticket = ++s->sent;
      s->not_empty.notify_one();
      if (s->capacity == 0) s->taken.wait(lock, [&] { return s->received >= ticket; });
    }
    bool receive(T& v) const {
      std::unique_lock lock(s->m);
      s->not_empty.wait(lock, [this] { return !s->queue.empty() || s->closed; });
      if (s->queue.empty()) return false;
      v = s->queue.front();
      s->queue.pop_front();
      ++s->received;
      s->not_full.notify_one();
      if (s->capacity == 0) s->taken.notify_all();
      return true;
    }
    void close() const {
      const std::lock_guard lock(s->m);
      s->closed = true;
      s->not_empty.notify_all();
    }
    std::shared_ptr<state> s;
  };
  using channel = channel_of<int>;
  using long_channel = channel_of<long>;
  using mutex = std::mutex;
  using shared_mutex = std::shared_mutex;
  using once = std::once_flag;

  using wait_group = peers::locked_count<std::mutex, std::condition_variable>;

  template <class F>
  static void go(F&& f) {
    std::thread(std::forward<F>(f)).detach();
  }
  static void yield() { sched_yield(); }
  template <class F>
  static void call_once(once& o, F&& f) {
    std::call_once(o, f);
  }
  [[noreturn]] static void abandon() { std::_Exit(0); }  // threads that wait for ever
};

}  // namespace

int main(int argc, char** argv) {
  // As many CPUs as the others get workers.
  const int workers = argc > 1 ? std::atoi(argv[1]) : 1;
  cpu_set_t all, some;
  sched_getaffinity(0, sizeof all, &all);
  CPU_ZERO(&some);
  for (int cpu = 0, taken = 0; cpu < CPU_SETSIZE && taken < workers; ++cpu)
    if (CPU_ISSET(cpu, &all)) {
      CPU_SET(cpu, &some);
      ++taken;
    }
  sched_setaffinity(0, sizeof some, &some);
  const int status = peers::run(peers::common_rows<api>(), argc, argv);
  std::fflush(stdout);
  std::_Exit(status);
}
