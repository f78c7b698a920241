// SPDX-License-Identifier: Apache-2.0
// A worker ends the program while main would still have joined the first.
// verdict: clean 20/20
#include <atomic>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include "ended.h"

std::atomic<int> worker;

int main() {
  std::thread first([] { worker = gettid(); });
  while (worker == 0) sched_yield();
  await_end(worker);
  std::thread second([] { std::exit(0); });
  second.join();
  first.join();
}
