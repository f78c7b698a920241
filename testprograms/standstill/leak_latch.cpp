// SPDX-License-Identifier: Apache-2.0
// A latch for three workers, of whom two were started.
// verdict: leak 20/20
// shape: orphan
#include <latch>
#include <memory>
#include <thread>

#include "look.h"

[[gnu::noinline]] void start() {
  const auto ready = std::make_shared<std::latch>(3);
  for (int i = 0; i < 2; ++i) std::thread([ready] { ready->arrive_and_wait(); }).detach();
}

int main() {
  start();
  await_finding();
}
