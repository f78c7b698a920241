// SPDX-License-Identifier: Apache-2.0
// Hole 6. HOW_MANY messages are published with release and passed on by a goroutine in between, which changes
// the flag by a relaxed read-modify-write: that continues the release sequence. For the last message, in the
// form with a race, it uses a relaxed store, which ends it (C++20, P0982): who reads that value has not met
// the publisher. A detector that keeps an atomic object's clock at a relaxed store sees an order where there
// is none.
#include <atomic>
#include <vector>

#include "peer.h"

enum stage : int { empty, published, passed_on };

struct message {
  long payload = 0;
  std::atomic<int> stage = empty;
  std::atomic<bool> may_be_read = false;  // relaxed: orders nothing
};

int main(int argc, char** argv) {
  const auto [count, racy] = peer::read_arguments(argc, argv);
  std::vector<message> messages(static_cast<std::size_t>(count));
  peer::wait_group others;
  others.go([&messages] {
    for (message& m : messages) {
      m.payload = 1;  // <- 1
      m.stage.store(published, std::memory_order_release);
    }
  });
  others.go([&messages, racy = racy] {
    for (message& m : messages) {
      while (m.stage.load(std::memory_order_relaxed) != published) peer::yield();
      if (racy && &m == &messages.back()) {
        m.stage.store(passed_on, std::memory_order_relaxed);
      } else {
        m.stage.fetch_add(1, std::memory_order_relaxed);
      }
      m.may_be_read.store(true, std::memory_order_relaxed);
    }
  });
  long sum = 0;
  for (message& m : messages) {
    while (!m.may_be_read.load(std::memory_order_relaxed)) peer::yield();
    if (m.stage.load(std::memory_order_acquire) != passed_on) return 1;
    sum += m.payload;  // <- 2
  }
  others.wait();
  return sum != count;
}
