// SPDX-License-Identifier: Apache-2.0
// Who takes a place does not give it back when it fails. The next one waits for it.
// verdict: leak 20/20
// shape: orphan
#include <memory>
#include <semaphore>
#include <thread>

#include "look.h"

bool work() { return false; }

void with_a_place(std::counting_semaphore<>& places) {
  places.acquire();
  if (!work()) return;
  places.release();
}

[[gnu::noinline]] void start() {
  const auto places = std::make_shared<std::counting_semaphore<>>(1);
  std::thread([places] { with_a_place(*places); }).join();
  std::thread([places] { with_a_place(*places); }).detach();
}

int main() {
  start();
  await_finding();
}
