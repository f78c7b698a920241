// SPDX-License-Identifier: Apache-2.0
// Many producers and consumers, a sequence number for each cell, and a relaxed one for what was put in.
// verdict: race 20/20
// race: value
#include <atomic>
#include <thread>

struct cell {
  std::atomic<unsigned> sequence;
  int value = 0;
};

class bounded_queue {
 public:
  bounded_queue() {
    for (unsigned i = 0; i < capacity; ++i) cells_[i].sequence.store(i, std::memory_order_relaxed);
  }
  void push(int value) {
    const unsigned at = end_.fetch_add(1, std::memory_order_relaxed);
    cell& c = cells_[at % capacity];
    while (c.sequence.load(std::memory_order_acquire) != at) std::this_thread::yield();
    c.value = value;  // <- 1 2
    c.sequence.store(at + 1, std::memory_order_relaxed);
  }
  int pop() {
    const unsigned at = begin_.fetch_add(1, std::memory_order_relaxed);
    cell& c = cells_[at % capacity];
    while (c.sequence.load(std::memory_order_acquire) != at + 1) std::this_thread::yield();
    const int value = c.value;  // <- 2
    c.sequence.store(at + capacity, std::memory_order_release);
    return value;
  }

 private:
  static constexpr unsigned capacity = 4;
  cell cells_[capacity];
  std::atomic<unsigned> begin_ = 0, end_ = 0;
};

int main() {
  bounded_queue q;
  int sums[2] = {};
  const auto produce = [&] {
    for (int i = 1; i <= 6; ++i) q.push(i);
  };
  const auto consume = [&](int me) {
    for (int i = 1; i <= 6; ++i) sums[me] += q.pop();
  };
  std::thread a(produce), b(produce), c(consume, 0), d(consume, 1);
  a.join();
  b.join();
  c.join();
  d.join();
  return sums[0] + sums[1] == 7;
}
