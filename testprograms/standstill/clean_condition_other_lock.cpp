// SPDX-License-Identifier: Apache-2.0
// The thread waits for word of the delivery for a while only, and then lets go of the order.
// verdict: clean 20/20
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "look.h"

struct shop {
  std::mutex order, delivery;
  std::condition_variable delivered;
  bool is_delivered = false;
  meeting both{2};
};

int main() {
  shop s;
  std::thread waits([&] {
    std::unique_lock hold(s.order);
    std::unique_lock lock(s.delivery);
    s.both.arrive();
    const auto is_delivered = [&] { return s.is_delivered; };
    if (s.delivered.wait_for(lock, std::chrono::milliseconds(20), is_delivered)) return;
    hold.unlock();
    s.delivered.wait(lock, is_delivered);
  });
  std::thread brings([&] {
    s.both.arrive();
    look_often();
    const std::lock_guard hold(s.order);
    const std::lock_guard lock(s.delivery);
    s.is_delivered = true;
    s.delivered.notify_one();
  });
  waits.join();
  brings.join();
}
