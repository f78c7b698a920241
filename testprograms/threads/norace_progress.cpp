// SPDX-License-Identifier: Apache-2.0
// A progress figure, written by the worker and shown by main: a relaxed atomic is enough.
// verdict: clean 20/20
#include <atomic>
#include <thread>

std::atomic<int> percent = 0;

int main() {
  std::thread worker([] {
    for (int i = 1; i <= 10; ++i) {
      percent.store(i * 10, std::memory_order_relaxed);
    }
  });
  int shown = percent.load(std::memory_order_relaxed);
  worker.join();
  return shown < 0 || shown > 100;
}
