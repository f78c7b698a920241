// SPDX-License-Identifier: Apache-2.0
// A thread keeps its order's lock while it waits for word of the delivery. Whoever would bring it wants the
// order first.
// verdict: leak 20/20
// shape: mixed cycle
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "look.h"

struct shop {
  std::mutex order, delivery;
  std::condition_variable delivered;
  bool is_delivered = false;
  meeting both{2};
};

[[gnu::noinline]] void open() {
  const auto s = std::make_shared<shop>();
  std::thread([s] {
    const std::lock_guard hold(s->order);
    std::unique_lock lock(s->delivery);
    s->both.arrive();
    s->delivered.wait(lock, [&] { return s->is_delivered; });
  }).detach();
  std::thread([s] {
    s->both.arrive();
    const std::lock_guard hold(s->order);
    const std::lock_guard lock(s->delivery);
    s->is_delivered = true;
    s->delivered.notify_one();
  }).detach();
}

int main() {
  open();
  await_finding();
}
