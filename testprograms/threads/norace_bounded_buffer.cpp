// SPDX-License-Identifier: Apache-2.0
// Two condition variables and a lock, which size() takes as well.
// verdict: clean 20/20
#include <condition_variable>
#include <mutex>
#include <thread>

class bounded_buffer {
 public:
  void put(int value) {
    std::unique_lock hold(m_);
    not_full_.wait(hold, [this] { return size_ < capacity; });
    values_[(first_ + size_++) % capacity] = value;
    not_empty_.notify_one();
  }
  int take() {
    std::unique_lock hold(m_);
    not_empty_.wait(hold, [this] { return size_ > 0; });
    const int value = values_[first_];
    first_ = (first_ + 1) % capacity;
    size_--;
    not_full_.notify_one();
    return value;
  }
  int size() {
    std::lock_guard hold(m_);
    return size_;
  }

 private:
  static constexpr int capacity = 3;
  std::mutex m_;
  std::condition_variable not_full_, not_empty_;
  int values_[capacity] = {};
  int first_ = 0, size_ = 0;
};

int main() {
  bounded_buffer b;
  int sum = 0;
  std::thread producer([&] {
    for (int i = 1; i <= 10; ++i) b.put(i);
  });
  std::thread consumer([&] {
    for (int i = 1; i <= 10; ++i) sum += b.take();
  });
  const int size = b.size();
  producer.join();
  consumer.join();
  return sum != 55 || size < 0;
}
