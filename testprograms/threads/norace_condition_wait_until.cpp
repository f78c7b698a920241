// SPDX-License-Identifier: Apache-2.0
// A wait with a deadline that comes true: what the notifier did under the lock is there.
// verdict: clean 20/20
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

std::mutex m;
std::condition_variable changed;
bool sent = false;
int arrived = 0;

int main() {
  std::thread sender([] {
    std::lock_guard hold(m);
    arrived = 5;
    sent = true;
    changed.notify_one();
  });
  int seen = 0;
  {
    std::unique_lock hold(m);
    const auto deadline = std::chrono::steady_clock::now();
    bool in_time = changed.wait_until(hold, deadline, [] { return sent; });
    while (!in_time) in_time = changed.wait_until(hold, deadline + 10s, [] { return sent; });
    if (!in_time) seen = 1;
    seen += arrived;
  }
  sender.join();
  return seen != 5;
}
