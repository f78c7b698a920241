// SPDX-License-Identifier: Apache-2.0
// A struct of 16 bytes is exchanged atomically, but by a relaxed store: what it points to is not published.
// verdict: race 20/20
// race: rooms
// link: -latomic
#include <atomic>
#include <thread>

struct house {
  int* rooms = nullptr;
  long number = 0;
};
alignas(16) std::atomic<house> sold;

int main() {
  int rooms = 0;
  std::thread builder([&] {
    rooms = 4;  // <- 1
    sold.store({&rooms, 12}, std::memory_order_relaxed);
  });
  house h;
  while ((h = sold.load(std::memory_order_acquire)).number == 0) std::this_thread::yield();
  int seen = *h.rooms;  // <- 2
  builder.join();
  return seen == 7;
}
