// SPDX-License-Identifier: Apache-2.0
// A ticket lock that looks at the display by a relaxed load.
// verdict: race 20/20
// race: served
#include <atomic>
#include <mutex>
#include <thread>

class ticket_lock {
 public:
  void lock() {
    const unsigned mine = tickets_.fetch_add(1, std::memory_order_relaxed);
    while (display_.load(std::memory_order_relaxed) != mine) std::this_thread::yield();
  }
  void unlock() { display_.store(display_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

 private:
  std::atomic<unsigned> tickets_ = 0, display_ = 0;
};

ticket_lock m;
int served = 0;

void serve() {
  for (int i = 0; i < 5; ++i) {
    std::lock_guard hold(m);
    served++;  // <- 1 2
  }
}

int main() {
  std::thread a(serve), b(serve), c(serve);
  a.join();
  b.join();
  c.join();
  return served > 15;
}
