// SPDX-License-Identifier: Apache-2.0
// Flag and payload are written under the mutex that the waiter holds when it looks.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

int main() {
  int payload = 0;
  bool ready = false;
  snag::mutex m;
  snag::condition_variable changed;
  snag::wait_group wg;
  wg.go([&] {
    {
      std::lock_guard hold(m);
      payload = 1;
      ready = true;
    }
    changed.notify_one();
  });
  std::unique_lock hold(m);
  changed.wait(hold, [&] { return ready; });
  int seen = payload;
  hold.unlock();
  wg.wait();
  return seen != 1;
}
