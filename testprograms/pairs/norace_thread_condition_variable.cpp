// SPDX-License-Identifier: Apache-2.0
// The wait gives the mutex back and takes it again: everything under it is ordered.
// verdict: clean 20/20
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
      payload = 1;
      ready = true;
    }
    changed.notify_all();
  });
  std::unique_lock hold(m);
  changed.wait(hold, [] { return ready; });
  int seen = payload;
  hold.unlock();
  t.join();
  return seen != 1;
}
