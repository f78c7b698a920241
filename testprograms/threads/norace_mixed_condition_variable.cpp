// SPDX-License-Identifier: Apache-2.0
// A thread wakes a goroutine through a std::condition_variable, when the result is written.
// verdict: clean 20/20
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
    seen = result;
  });
  std::thread computing([] {
    std::unique_lock hold(m);
    result = 9;
    ready = true;
    changed.notify_one();
  });
  all.wait();
  computing.join();
  return seen != 9;
}
