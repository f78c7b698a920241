// SPDX-License-Identifier: Apache-2.0
// Neither a wait that finds its value changed already nor a notification orders anything: the library's count
// of waiters, which both touch, is nobody's business.
// verdict: race 20/20
// race: draft
#include <atomic>
#include <thread>

int draft = 0;
std::atomic<int> gate{0};
std::atomic<bool> waited{false};

int main() {
  std::thread writer([] {
    draft = 8;  // <- 1
    gate.wait(1);
    waited.store(true, std::memory_order_relaxed);
  });
  while (!waited.load(std::memory_order_relaxed)) std::this_thread::yield();
  gate.notify_all();
  int seen = draft;  // <- 2
  writer.join();
  return seen > 8;
}
