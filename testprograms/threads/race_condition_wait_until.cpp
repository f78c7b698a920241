// SPDX-License-Identifier: Apache-2.0
// A deadline that is over proves nothing about what the other thread has done meanwhile.
// verdict: race 20/20
// race: arrived
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
    arrived = 5;  // <- 1
  });
  int seen = 0;
  {
    std::unique_lock hold(m);
    const auto deadline = std::chrono::steady_clock::now();
    bool in_time = changed.wait_until(hold, deadline, [] { return sent; });
    if (!in_time) seen = 1;
    seen += arrived;  // <- 2
  }
  sender.join();
  return seen == 7;
}
