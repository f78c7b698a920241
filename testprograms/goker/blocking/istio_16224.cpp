// SPDX-License-Identifier: Apache-2.0
// An event handler reports, with its lock held, to a test that takes the lock before it listens.
// shape: mixed cycle
// dead: handle, main
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
    std::lock_guard hold(mu);
    events.push_back(event);
    done.send();  // <- dead 1
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
    std::lock_guard hold(t.mu);  // <- dead 1
    snag::println("{} so far", t.events.size());
  }
  t.done.recv();
  queue.close();
  controller.wait();
}
