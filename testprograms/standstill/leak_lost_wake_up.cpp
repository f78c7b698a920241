// SPDX-License-Identifier: Apache-2.0
// The signal comes before the wait, and nobody is left who would send another.
// verdict: leak 20/20
// shape: lost wake-up
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "look.h"

struct box {
  std::mutex guard;
  std::condition_variable arrived;
};

[[gnu::noinline]] void start() {
  const auto b = std::make_shared<box>();
  std::thread([b] { b->arrived.notify_one(); }).join();
  std::thread([b] {
    std::unique_lock lock(b->guard);
    b->arrived.wait(lock);
  }).detach();
}

int main() {
  start();
  await_finding();
}
