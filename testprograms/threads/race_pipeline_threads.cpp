// SPDX-License-Identifier: Apache-2.0
// Letters go from hand to hand; the first stage stamps one after it was passed on.
// verdict: race 20/20
// race: stamped letter
#include <condition_variable>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <utility>

struct letter {
  int stamped = 0, weighed = 0;
};

template <class T>
class blocking_queue {
 public:
  void push(T value) {
    std::lock_guard hold(m_);
    values_.push(std::move(value));
    pushed_.notify_one();
  }
  T pop() {
    std::unique_lock hold(m_);
    pushed_.wait(hold, [this] { return !values_.empty(); });
    T value = std::move(values_.front());
    values_.pop();
    return value;
  }

 private:
  std::mutex m_;
  std::condition_variable pushed_;
  std::queue<T> values_;
};

int main() {
  blocking_queue<std::shared_ptr<letter>> stamp, weigh;
  std::thread stamping([&] {
    auto l = stamp.pop();
    weigh.push(l);
    l->stamped = 1;  // <- 1
  });
  int seen = 0;
  std::thread weighing([&] {
    auto l = weigh.pop();
    l->weighed = 20;
    seen = l->stamped;  // <- 2
  });
  stamp.push(std::make_shared<letter>());
  stamping.join();
  weighing.join();
  return seen > 1;
}
