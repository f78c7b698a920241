// SPDX-License-Identifier: Apache-2.0
// A std::timed_mutex that is locked without a time waits as long as any other.
// verdict: leak 20/20
// shape: self-lock
#include <mutex>
#include <thread>

#include "look.h"

std::timed_mutex device;

void reset() { const std::lock_guard hold(device); }

int main() {
  std::thread([] {
    const std::lock_guard hold(device);
    reset();
  }).detach();
  await_finding();
}
