// SPDX-License-Identifier: Apache-2.0
// A child says that its own child is done, but by a relaxed store: main has not joined either of them.
// verdict: race 20/20
// race: inner
#include <atomic>
#include <thread>

int inner = 0;
std::atomic<bool> done = false;

int main() {
  std::thread child([] {
    std::thread grandchild([] { inner = 1; });  // <- 1
    grandchild.join();
    done.store(true, std::memory_order_relaxed);
  });
  while (!done.load(std::memory_order_acquire)) std::this_thread::yield();
  int seen = inner;  // <- 2
  child.join();
  return seen != 1;
}
