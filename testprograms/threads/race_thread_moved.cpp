// SPDX-License-Identifier: Apache-2.0
// A thread object is moved into a function that detaches it: nobody waits for the words it writes.
// verdict: race 20/20
// race: words
#include <atomic>
#include <string>
#include <thread>
#include <utility>

struct letter {
  int words = 0;
};
letter l;
std::atomic<bool> written = false;

void let_go(std::thread t) { t.detach(); }

int main() {
  std::thread writer([] {
    l.words = 100;  // <- 1
    written.store(true, std::memory_order_relaxed);
  });
  std::thread held = std::move(writer);
  let_go(std::move(held));
  while (!written.load(std::memory_order_relaxed)) std::this_thread::yield();
  return l.words == 7;  // <- 2
}
