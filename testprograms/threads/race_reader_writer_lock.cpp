// SPDX-License-Identifier: Apache-2.0
// A reader-writer lock of one's own, whose readers leave by a relaxed subtraction.
// verdict: race 20/20
// race: map_of_city
#include <atomic>
#include <thread>

class reader_writer_lock {
 public:
  void lock_shared() {
    int readers = 0;
    while (readers < 0 || !state_.compare_exchange_weak(readers, readers + 1, std::memory_order_acquire,
                                                        std::memory_order_relaxed))
      if (readers < 0) readers = state_.load(std::memory_order_relaxed);
  }
  void unlock_shared() { state_.fetch_sub(1, std::memory_order_relaxed); }
  void lock() {
    for (int none = 0; !state_.compare_exchange_weak(none, -1, std::memory_order_acquire); none = 0)
      std::this_thread::yield();
  }
  void unlock() { state_.store(0, std::memory_order_release); }

 private:
  std::atomic<int> state_ = 0;  // how many readers; -1: a writer
};

reader_writer_lock m;
int map_of_city = 1;
std::atomic<int> readers_done = 0;

void read_map(int& copy) {
  m.lock_shared();
  copy = map_of_city;  // <- 1
  m.unlock_shared();
  readers_done.fetch_add(1, std::memory_order_relaxed);
}

int main() {
  int copies[2] = {};
  std::thread a([&] { read_map(copies[0]); }), b([&] { read_map(copies[1]); });
  while (readers_done.load(std::memory_order_relaxed) < 2) std::this_thread::yield();
  m.lock();
  map_of_city = 2;  // <- 2
  m.unlock();
  a.join();
  b.join();
  return copies[0] + copies[1] != 2;
}
