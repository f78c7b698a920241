// SPDX-License-Identifier: Apache-2.0
// A thread wakes a goroutine through a std::condition_variable, and then writes the result.
// verdict: race 20/20
// race: result
#include <condition_variable>
#include <mutex>
#include <thread>

#include <snag/snag.h>

std::mutex m;
std::condition_variable changed;
bool ready = false;
int result = 0;

int main() {
  int seen = 0;
  snag::wait_group all;
  all.go([&] {
    std::unique_lock hold(m);
    changed.wait(hold, [] { return ready; });
    seen = result;  // <- 1
  });
  std::thread computing([] {
    std::unique_lock hold(m);
    ready = true;
    changed.notify_one();
    hold.unlock();
    result = 9;  // <- 2
  });
  all.wait();
  computing.join();
  return seen > 9;
}
