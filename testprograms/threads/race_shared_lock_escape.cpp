// SPDX-License-Identifier: Apache-2.0
// A reader keeps a pointer into the book beyond its shared lock.
// verdict: race 20/20
// race: title
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <thread>

struct book {
  std::shared_mutex m;
  int title = 1;
};

int main() {
  book b;
  std::atomic<bool> looked_up = false;
  int seen = 0;
  std::thread reader([&] {
    std::shared_lock hold(b.m);
    const int* title = &b.title;
    hold.unlock();
    looked_up.store(true, std::memory_order_relaxed);
    seen = *title;  // <- 1
  });
  while (!looked_up.load(std::memory_order_relaxed)) std::this_thread::yield();
  {
    std::unique_lock hold(b.m);
    b.title = 2;  // <- 2
  }
  reader.join();
  return seen > 2;
}
