// SPDX-License-Identifier: Apache-2.0
// A thread ends the program; the function that runs at exit reads what main is writing.
// verdict: race 20/20
// race: summary
#include <atomic>
#include <cstdlib>
#include <thread>

int summary = 0;
std::atomic<bool> written = false;

int main() {
  std::atexit([] {
    while (!written.load(std::memory_order_relaxed)) std::this_thread::yield();
    if (summary > 1) std::abort();  // <- 1
  });
  std::thread quitter([] { std::exit(0); });
  summary = 1;  // <- 2
  written.store(true, std::memory_order_relaxed);
  quitter.join();
}
