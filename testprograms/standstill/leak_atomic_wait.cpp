// SPDX-License-Identifier: Apache-2.0
// A thread waits for a flag that nobody will set.
// verdict: leak 20/20
// shape: orphan
#include <atomic>
#include <memory>
#include <thread>

#include "look.h"

[[gnu::noinline]] void start() {
  const auto ready = std::make_shared<std::atomic<int>>(0);
  std::thread([ready] { ready->wait(0); }).detach();
}

int main() {
  start();
  await_finding();
}
