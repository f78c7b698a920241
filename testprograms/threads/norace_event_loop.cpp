// SPDX-License-Identifier: Apache-2.0
// A job for another thread refers to a local variable; the caller waits for the job's future.
// verdict: clean 20/20
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

class event_loop {
 public:
  event_loop() : thread_([this] { run(); }) {}
  ~event_loop() {
    post([this] { running_ = false; });
    thread_.join();
  }
  std::future<void> post(std::function<void()> job) {
    std::packaged_task<void()> task(std::move(job));
    std::future<void> done = task.get_future();
    {
      std::lock_guard hold(m_);
      jobs_.push_back(std::move(task));
    }
    posted_.notify_one();
    return done;
  }

 private:
  void run() {
    while (running_) {
      std::unique_lock hold(m_);
      posted_.wait(hold, [this] { return !jobs_.empty(); });
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      hold.unlock();
      job();
    }
  }

  bool running_ = true;
  std::mutex m_;
  std::condition_variable posted_;
  std::deque<std::packaged_task<void()>> jobs_;
  std::thread thread_;
};

int main() {
  int done = 0, seen = 0;
  std::atomic<bool> ran = false;
  {
    event_loop loop;
    std::future<void> job = loop.post([&] {
      done = 1;
      ran.store(true, std::memory_order_relaxed);
    });
    job.wait();
    seen = done;
  }
  return seen != 1;
}
