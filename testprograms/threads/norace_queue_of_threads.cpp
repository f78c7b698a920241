// SPDX-License-Identifier: Apache-2.0
// A std::deque between two threads, each of which takes the lock.
// verdict: clean 20/20
#include <deque>
#include <mutex>
#include <thread>

int main() {
  std::mutex m;
  std::deque<int> waiting;
  std::thread arriving([&] {
    for (int i = 0; i < 5; ++i) {
      std::lock_guard hold(m);
      waiting.push_back(i);
    }
  });
  {
    std::lock_guard hold(m);
    waiting.push_front(-1);
  }
  arriving.join();
  return waiting.size() != 6;
}
