// SPDX-License-Identifier: Apache-2.0
// A task of std::async wants the mutex under which its result is waited for.
// verdict: leak 20/20
// shape: mixed cycle
#include <future>
#include <mutex>
#include <thread>

#include "look.h"

std::mutex guard;

int main() {
  std::thread([] {
    const std::lock_guard hold(guard);
    auto result = std::async(std::launch::async, [] {
      const std::lock_guard hold_too(guard);
      return 1;
    });
    result.get();
  }).detach();
  await_finding();
}
