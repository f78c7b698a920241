// SPDX-License-Identifier: Apache-2.0
// A child joins its own child before it says that all is done: the edges add up.
// verdict: clean 20/20
#include <atomic>
#include <thread>

int inner = 0;
std::atomic<bool> done = false;

int main() {
  std::thread child([] {
    std::thread grandchild([] { inner = 1; });
    grandchild.join();
    done.store(true, std::memory_order_release);
  });
  while (!done.load(std::memory_order_acquire)) std::this_thread::yield();
  int seen = inner;
  child.join();
  return seen != 1;
}
