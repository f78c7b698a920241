// SPDX-License-Identifier: Apache-2.0
// Two busy threads, and what they share.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "parked_thread.h"
#include "rows.h"

namespace {

using std::uint64_t;

// `work(0)` beside `work(1)`.
template <class Work>
void in_two(Work work) {
  std::thread other([&] { work(1); });
  work(0);
  other.join();
}

uint64_t read_shared_array() {
  static const std::vector<double> table(16 << 10, 1.0);
  double sums[2] = {};
  in_two([&](int who) {
    double s = 0;
    for (int i = 0; i < 3000; ++i)
      for (const double x : table) s += x;
    sums[who] = s;
  });
  return static_cast<uint64_t>(sums[0] + sums[1]);
}

uint64_t locked_map() {
  std::map<unsigned, unsigned> m;
  std::mutex lock;
  in_two([&](int who) {
    rows::xorshift random(static_cast<uint64_t>(who) + 5);
    for (int i = 0; i < 150'000; ++i) {
      const std::scoped_lock held(lock);
      ++m[static_cast<unsigned>(random() % 5'000)];
    }
  });
  return m.size();
}

uint64_t atomic_counter() {
  std::atomic<uint64_t> n{0};
  in_two([&](int) {
    for (int i = 0; i < 2'000'000; ++i) n.fetch_add(1);
  });
  return n;
}

uint64_t shared_ptr_copies() {
  const auto p = std::make_shared<int>(3);
  std::atomic<uint64_t> n{0};
  in_two([&](int) {
    uint64_t sum = 0;
    for (int i = 0; i < 500'000; ++i) {
      const std::shared_ptr<int> mine = p;
      sum += static_cast<uint64_t>(*mine);
    }
    n += sum;
  });
  return n;
}

// Bounded, by a lock and two conditions.
template <class T>
class message_queue {
 public:
  explicit message_queue(std::size_t limit) : limit_(limit) {}
  void push(T x) {
    std::unique_lock held(lock_);
    room_.wait(held, [&] { return waiting_.size() < limit_; });
    waiting_.push_back(std::move(x));
    filled_.notify_one();
  }
  T pop() {
    std::unique_lock held(lock_);
    filled_.wait(held, [&] { return !waiting_.empty(); });
    T x = std::move(waiting_.front());
    waiting_.pop_front();
    room_.notify_one();
    return x;
  }

 private:
  std::mutex lock_;
  std::condition_variable room_, filled_;
  std::deque<T> waiting_;
  const std::size_t limit_;
};

uint64_t queue_of_messages() {
  message_queue<std::unique_ptr<uint64_t>> q(128);
  uint64_t sum = 0;
  in_two([&](int who) {
    for (uint64_t i = 0; i < 100'000; ++i) {
      if (who == 0)
        q.push(std::make_unique<uint64_t>(i));
      else
        sum += *q.pop();
    }
  });
  return sum;
}

void merge_sort(std::vector<unsigned>& v, std::vector<unsigned>& spare, std::size_t low, std::size_t high,
                int splits) {
  if (high - low < 32)
    return std::sort(v.begin() + static_cast<long>(low), v.begin() + static_cast<long>(high));
  const std::size_t middle = low + (high - low) / 2;
  if (splits > 0) {
    std::thread left([&] { merge_sort(v, spare, low, middle, splits - 1); });
    merge_sort(v, spare, middle, high, splits - 1);
    left.join();
  } else {
    merge_sort(v, spare, low, middle, 0);
    merge_sort(v, spare, middle, high, 0);
  }
  const auto at = [&](std::vector<unsigned>& of, std::size_t i) { return of.begin() + static_cast<long>(i); };
  std::merge(at(v, low), at(v, middle), at(v, middle), at(v, high), at(spare, low));
  std::copy(at(spare, low), at(spare, high), at(v, low));
}
uint64_t parallel_merge_sort() {
  rows::xorshift random(23);
  std::vector<unsigned> v(1 << 20), spare(1 << 20);
  for (auto& x : v) x = static_cast<unsigned>(random());
  merge_sort(v, spare, 0, v.size(), 3);
  return v[1000];
}

uint64_t worker_pool() {
  message_queue<std::function<void()>> jobs(256);
  std::atomic<int> left{40'000};
  std::atomic<uint64_t> sum{0};
  std::vector<std::thread> workers;
  for (int w = 0; w < 2; ++w)
    workers.emplace_back([&] {
      while (const auto job = jobs.pop()) job();
    });
  for (int i = 0; i < 40'000; ++i)
    jobs.push([&sum, &left, i] {
      uint64_t s = 0;
      for (int k = 0; k < 50; ++k) s += static_cast<uint64_t>(k * i);
      sum += s;
      --left;
    });
  for (std::size_t w = 0; w < workers.size(); ++w) jobs.push(nullptr);
  for (std::thread& t : workers) t.join();
  return sum;
}

uint64_t false_sharing() {
  struct alignas(64) line {
    uint64_t of[2] = {};
  } shared;
  in_two([&](int who) {
    volatile uint64_t& mine = shared.of[who];
    for (int i = 0; i < 10'000'000; ++i) mine = mine + 1;
  });
  return shared.of[0] + shared.of[1];
}

uint64_t spawn_threads() {
  uint64_t sum = 0;
  for (int i = 0; i < 3000; ++i) {
    uint64_t mine = 0;
    std::thread t([&] { mine = static_cast<uint64_t>(i); });
    t.join();
    sum += mine;
  }
  return sum;
}

constexpr rows::row all[] = {
    {"read-shared array", read_shared_array}, {"lock and map", locked_map},
    {"atomic counter", atomic_counter},       {"shared_ptr copies", shared_ptr_copies},
    {"message queue", queue_of_messages},     {"merge sort, threads", parallel_merge_sort},
    {"worker pool, threads", worker_pool},    {"false sharing", false_sharing},
    {"thread spawn", spawn_threads},
};

}  // namespace

int main(int argc, char** argv) { return rows::run(argc, argv, all, rows::park_thread); }
