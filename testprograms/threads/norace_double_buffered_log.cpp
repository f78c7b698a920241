// SPDX-License-Identifier: Apache-2.0
// A logger with two buffers: the background thread swaps them under the lock, and writes out without it.
// verdict: clean 20/20
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

class logger {
 public:
  void log(int line) {
    std::lock_guard hold(m_);
    front_.push_back(line);
  }
  std::size_t flush() {
    std::vector<int> lines;
    {
      std::lock_guard hold(m_);
      lines.swap(front_);
    }
    return lines.size();
  }

 private:
  std::mutex m_;
  std::vector<int> front_;
};

int main() {
  logger l;
  std::atomic<bool> closing = false;
  std::size_t written = 0;
  std::thread background([&] {
    do written += l.flush();
    while (!closing.load(std::memory_order_relaxed));
  });
  for (int i = 0; i < 20; ++i) l.log(i);
  closing.store(true, std::memory_order_relaxed);
  background.join();
  written += l.flush();
  return written != 20;
}
