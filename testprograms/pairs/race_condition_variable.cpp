// SPDX-License-Identifier: Apache-2.0
// The flag is set under the lock; the payload is written after the notification, outside it.
// verdict: race 20/20
// race: payload
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
      ready = true;
    }
    changed.notify_one();
    payload = 1;  // <- 1
  });
  std::unique_lock hold(m);
  changed.wait(hold, [&] { return ready; });
  int seen = payload;  // <- 2
  hold.unlock();
  wg.wait();
  return seen == 7;
}
