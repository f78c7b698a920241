// SPDX-License-Identifier: Apache-2.0
// A thread returns early and leaves the mutex locked; the next one waits for it.
// verdict: leak 20/20
// shape: abandoned lock
#include <mutex>
#include <thread>

#include "look.h"

std::mutex settings;
int version = 0;

void load() {
  settings.lock();
  if (version == 0) return;
  settings.unlock();
}

int main() {
  std::thread(load).join();
  std::thread([] {
    const std::lock_guard hold(settings);
    ++version;
  }).detach();
  await_finding();
}
