// SPDX-License-Identifier: Apache-2.0
// One condition variable is waited for with two mutexes, one after the other; and one that takes several,
// with two at once.
// verdict: clean 20/20
#include <snag/snag.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

std::condition_variable arrived;
std::condition_variable_any takes_any;
std::mutex one, other;

int main() {
  for (std::mutex* m : {&one, &other}) {
    std::unique_lock hold(*m);
    arrived.wait_for(hold, std::chrono::milliseconds(1));
  }
  bool over = false;
  snag::chan<void> locked;
  snag::wait_group wg;
  wg.go([&] {
    std::unique_lock hold(one);
    locked.close();
    while (!over) takes_any.wait(hold);
  });
  locked.recv();
  {
    const std::lock_guard hold(one);
  }
  {
    std::unique_lock hold(other);
    takes_any.wait_for(hold, std::chrono::milliseconds(1));
  }
  {
    const std::lock_guard hold(one);
    over = true;
  }
  takes_any.notify_all();
  wg.wait();
}
