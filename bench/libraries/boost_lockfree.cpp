// SPDX-License-Identifier: Apache-2.0
// Boost.Lockfree: a queue and a stack that two threads put pointers into and take them out of, and a ring
// between the two.
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <boost/lockfree/stack.hpp>

#include "bench/libraries/two_threads.h"
#include "bench/race/parked_thread.h"
#include "bench/race/rows.h"

namespace {

struct message {
  std::uint64_t number, answer = 0;
};

template <class Container>
std::uint64_t pass_through(Container& container) {
  std::uint64_t sums[2] = {};
  rows::in_two([&](int who) {
    for (int i = 0; i < 30'000; ++i) {
      while (!container.push(new message{static_cast<std::uint64_t>(i)})) std::this_thread::yield();
      message* m = nullptr;
      while (!container.pop(m)) std::this_thread::yield();  // there are never fewer than those who take one
      sums[who] += m->number;
      delete m;
    }
  });
  return sums[0] + sums[1];
}

std::uint64_t through_queue() {
  boost::lockfree::queue<message*> queue(128);
  return pass_through(queue);
}

std::uint64_t through_stack() {
  boost::lockfree::stack<message*> stack(128);
  return pass_through(stack);
}

std::uint64_t through_ring() {
  boost::lockfree::spsc_queue<message, boost::lockfree::capacity<1024>> ring;
  std::uint64_t sum = 0;
  constexpr int count = 30'000;
  rows::in_two([&](int who) {
    for (int i = 0; i < count; ++i) {
      message m{static_cast<std::uint64_t>(i)};
      if (who == 0) {
        while (!ring.push(m)) std::this_thread::yield();
      } else {
        while (!ring.pop(m)) std::this_thread::yield();
        sum += m.number;
      }
    }
  });
  return sum;
}

constexpr rows::row all[] = {{"queue", through_queue}, {"stack", through_stack}, {"ring", through_ring}};

}  // namespace

int main(int argc, char** argv) { return rows::run(argc, argv, all, rows::park_thread); }
