// SPDX-License-Identifier: Apache-2.0
// Threads that publish with release and acquire.
// verdict: clean 20/20
#include <atomic>
#include <thread>

int data = 0;
std::atomic<int> flag = 0;

int main() {
  std::thread t([] {
    data = 1;
    flag.store(1, std::memory_order_release);
  });
  while (flag.load(std::memory_order_acquire) == 0) std::this_thread::yield();
  int seen = data;
  t.join();
  return seen != 1;
}
