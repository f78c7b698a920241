// SPDX-License-Identifier: Apache-2.0
// A std::deque between two threads: one side takes the lock, the other does not.
// verdict: race 20/20
// race: waiting
#include <deque>
#include <mutex>
#include <thread>

int main() {
  std::mutex m;
  std::deque<int> waiting;
  std::thread arriving([&] {
    for (int i = 0; i < 5; ++i) {
      std::lock_guard hold(m);
      waiting.push_back(i);  // <- 1
    }
  });
  {
    waiting.push_front(-1);  // <- 2
  }
  arriving.join();
  return waiting.size() > 6;
}
