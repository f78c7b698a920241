// SPDX-License-Identifier: Apache-2.0
// One producer, one consumer, a ring of slots: what is published and what is given back, by release stores.
// verdict: clean 20/20
#include <atomic>
#include <thread>

class ring {
 public:
  void push(int value) {
    const unsigned tail = tail_.load(std::memory_order_relaxed);
    while (tail - head_.load(std::memory_order_acquire) == capacity) std::this_thread::yield();
    slots_[tail % capacity] = value;
    tail_.store(tail + 1, std::memory_order_release);
  }
  int pop() {
    const unsigned head = head_.load(std::memory_order_relaxed);
    while (tail_.load(std::memory_order_acquire) == head) std::this_thread::yield();
    const int value = slots_[head % capacity];
    head_.store(head + 1, std::memory_order_release);
    return value;
  }

 private:
  static constexpr unsigned capacity = 2;
  int slots_[capacity] = {};
  std::atomic<unsigned> head_ = 0, tail_ = 0;
};

int main() {
  ring r;
  std::thread producer([&] {
    for (int i = 1; i <= 10; ++i) r.push(i);
  });
  int sum = 0;
  for (int i = 1; i <= 10; ++i) sum += r.pop();
  producer.join();
  return sum != 55;
}
