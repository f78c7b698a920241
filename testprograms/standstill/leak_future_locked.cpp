// SPDX-License-Identifier: Apache-2.0
// A thread waits for a result under the mutex that whoever makes the result wants first.
// verdict: leak 20/20
// shape: mixed cycle
#include <future>
#include <memory>
#include <mutex>
#include <thread>

#include "look.h"

struct job {
  std::mutex guard;
  std::promise<int> result;
  meeting both{2};
};

[[gnu::noinline]] void start() {
  const auto j = std::make_shared<job>();
  std::thread([j] {
    std::future<int> result = j->result.get_future();
    const std::lock_guard hold(j->guard);
    j->both.arrive();
    result.get();
  }).detach();
  std::thread([j] {
    j->both.arrive();
    const std::lock_guard hold(j->guard);
    j->result.set_value(1);
  }).detach();
}

int main() {
  start();
  await_finding();
}
