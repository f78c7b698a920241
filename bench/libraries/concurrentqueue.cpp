// SPDX-License-Identifier: Apache-2.0
// moodycamel::ConcurrentQueue: two threads put pointers to fresh objects in, and take out what either put in.
#include <concurrentqueue/blockingconcurrentqueue.h>

#include <memory>

#include "bench/libraries/two_threads.h"
#include "bench/race/parked_thread.h"
#include "bench/race/rows.h"

namespace {

struct message {
  std::uint64_t number, answer = 0;
};

std::uint64_t messages() {
  moodycamel::ConcurrentQueue<message*> queue;
  std::uint64_t sums[2] = {};
  constexpr int count = 20'000;
  std::atomic<int> taken = 0;
  rows::in_two([&](int who) {
    message* m = nullptr;
    for (int i = 0; i < count; ++i) {
      queue.enqueue(new message{static_cast<std::uint64_t>(i + who)});
      if (i % 2 == 0 || !queue.try_dequeue(m)) continue;
      taken.fetch_add(1, std::memory_order_relaxed);
      sums[who] += m->number;
      delete m;
    }
    while (taken.load(std::memory_order_relaxed) < 2 * count) {
      if (!queue.try_dequeue(m)) {
        std::this_thread::yield();
        continue;
      }
      taken.fetch_add(1, std::memory_order_relaxed);
      sums[who] += m->number;
      delete m;
    }
  });
  return sums[0] + sums[1];
}

std::uint64_t blocking_messages() {
  moodycamel::BlockingConcurrentQueue<message*> queue;
  std::uint64_t sum = 0;
  constexpr int count = 20'000;
  rows::in_two([&](int who) {
    message* m = nullptr;
    for (int i = 0; i < count; ++i) {
      if (who == 0) {
        queue.enqueue(new message{static_cast<std::uint64_t>(i)});
      } else {
        queue.wait_dequeue(m);
        sum += m->number;
        delete m;
      }
    }
  });
  return sum;
}

constexpr rows::row all[] = {{"messages", messages}, {"messages waited for", blocking_messages}};

}  // namespace

int main(int argc, char** argv) { return rows::run(argc, argv, all, rows::park_thread); }
