// SPDX-License-Identifier: Apache-2.0
// A barrier for three, at which two arrive.
// verdict: leak 20/20
// shape: orphan
#include <barrier>
#include <memory>
#include <thread>

#include "look.h"

[[gnu::noinline]] void start() {
  const auto round = std::make_shared<std::barrier<>>(3);
  for (int i = 0; i < 2; ++i) std::thread([round] { round->arrive_and_wait(); }).detach();
}

int main() {
  start();
  await_finding();
}
