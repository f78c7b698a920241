// SPDX-License-Identifier: Apache-2.0
// The handler reports after it has given the lock back.
// verdict: clean 20/20
#include <chrono>
#include <mutex>
#include <vector>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct config_test {
  snag::mutex mu;
  std::vector<int> events;
  snag::chan<void> done;

  void handle(int event) {
    {
      std::lock_guard hold(mu);
      events.push_back(event);
    }
    done.send();
  }
};

int main() {
  config_test t;
  snag::chan<int> queue;
  snag::wait_group controller;
  controller.go([&] {
    for (int event : queue) t.handle(event);
  });
  queue << 1;
  snag::sleep_for(1ms);  // the event is being handled
  {
    std::lock_guard hold(t.mu);
    snag::println("{} so far", t.events.size());
  }
  t.done.recv();
  queue.close();
  controller.wait();
}
