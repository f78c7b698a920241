// SPDX-License-Identifier: Apache-2.0
// A thread whose work is to join the others has not come to it when main returns. It would have.
// verdict: clean 20/20
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "ended.h"

std::atomic<int> worker;
std::mutex m;
// Not destroyed while somebody waits.
std::condition_variable& more = *new std::condition_variable;
bool ready = false;

int main() {
  auto ended = std::make_unique<std::thread>([] { worker = gettid(); });
  while (worker == 0) sched_yield();
  await_end(worker);
  std::thread([mine = std::move(ended)] {
    std::unique_lock lock(m);
    ready = true;
    more.notify_all();
    for (;;) more.wait(lock);  // until it is told to
    mine->join();
  }).detach();
  std::unique_lock lock(m);
  more.wait(lock, [] { return ready; });
}
