// SPDX-License-Identifier: Apache-2.0
// A thread object is moved into a function that joins it: the join orders, whoever holds the object.
// verdict: clean 20/20
#include <atomic>
#include <string>
#include <thread>
#include <utility>

struct letter {
  int words = 0;
};
std::atomic<bool> written = false;

void wait_for(std::thread t) { t.join(); }

int main() {
  static letter l;
  std::thread writer([] {
    l.words = 100;
    written.store(true, std::memory_order_relaxed);
  });
  std::thread held = std::move(writer);
  wait_for(std::move(held));
  while (!written.load(std::memory_order_relaxed)) std::this_thread::yield();
  return l.words != 100;
}
