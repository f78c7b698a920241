// SPDX-License-Identifier: Apache-2.0
// Hole 5. HOW_MANY messages are published by std::atomic_thread_fence: a release fence before a relaxed
// store, an acquire fence after the relaxed load that reads it (C++20, [atomics.fences]). That is no race. A
// detector that does not model fences reports it. In the form with a race the acquire fence is missing after
// the last message.
#include <atomic>
#include <vector>

#include "peer.h"

struct message {
  long payload = 0;
  std::atomic<bool> ready = false;
};

int main(int argc, char** argv) {
  const auto [count, racy] = peer::read_arguments(argc, argv);
  std::vector<message> messages(static_cast<std::size_t>(count));
  peer::wait_group publisher;
  publisher.go([&messages] {
    for (message& m : messages) {
      m.payload = 1;  // <- 1
      std::atomic_thread_fence(std::memory_order_release);
      m.ready.store(true, std::memory_order_relaxed);
    }
  });
  long sum = 0;
  for (message& m : messages) {
    while (!m.ready.load(std::memory_order_relaxed)) peer::yield();
    if (!racy || &m != &messages.back()) std::atomic_thread_fence(std::memory_order_acquire);
    sum += m.payload;  // <- 2
  }
  publisher.wait();
  return sum != count;
}
