// SPDX-License-Identifier: Apache-2.0
// Promises kept in time: by a thread that others know nothing of, by a task that runs on, and broken at the
// end of whoever had it.
// verdict: clean 20/20
#include <chrono>
#include <future>
#include <memory>
#include <thread>

#include "look.h"

int main() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  std::promise<int> promise, broken;
  std::future<int> result = promise.get_future(), never = broken.get_future();
  std::thread([fd = ends[0], mine = std::move(promise)]() mutable {
    char byte;
    if (read(fd, &byte, 1) != 1) std::terminate();
    mine.set_value(byte);
  }).detach();
  std::atomic<int> waits{0};
  std::thread reader([&] {
    waits = gettid();
    if (result.get() != 'x') std::terminate();
  });
  std::thread([mine = std::move(broken)] { look_often(); }).detach();
  auto sum = std::async(std::launch::async, [&] {
    try {
      never.get();
    } catch (const std::future_error&) {
      return 1;
    }
    return 0;
  });
  while (waits == 0) sched_yield();
  await_asleep(waits);
  look_often();
  if (write(ends[1], "x", 1) != 1) return 1;
  reader.join();
  return sum.get() == 1 ? 0 : 1;
}
