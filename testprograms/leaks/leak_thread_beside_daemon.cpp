// SPDX-License-Identifier: Apache-2.0
// A detached thread that waits for work is still there at the end. It has nothing by which it could join the
// other one, which is lost.
// verdict: leak 20/20
// shape: thread not joined
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "ended.h"

std::mutex m;
// Not destroyed while somebody waits.
std::condition_variable& more = *new std::condition_variable;
bool ready = false;
std::atomic<int> worker;

[[gnu::noinline]] void lose_a_thread() {
  new std::thread([] { worker = gettid(); });
}

int main() {
  std::thread([] {
    std::unique_lock lock(m);
    ready = true;
    more.notify_all();
    for (;;) more.wait(lock);
  }).detach();
  {
    std::unique_lock lock(m);
    more.wait(lock, [] { return ready; });
  }
  lose_a_thread();
  while (worker == 0) sched_yield();
  await_end(worker);
}
