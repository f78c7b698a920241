// SPDX-License-Identifier: Apache-2.0
// Notified, but the payload is written after the lock was given back.
// verdict: race 20/20
// race: payload
#include <condition_variable>
#include <mutex>
#include <thread>

int payload = 0;
bool ready = false;
std::mutex m;
std::condition_variable changed;

int main() {
  std::thread t([] {
    {
      std::lock_guard hold(m);
      ready = true;
    }
    changed.notify_one();
    payload = 1;  // <- 1
  });
  std::unique_lock hold(m);
  changed.wait(hold, [] { return ready; });
  int seen = payload;  // <- 2
  hold.unlock();
  t.join();
  return seen == 7;
}
