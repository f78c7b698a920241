// SPDX-License-Identifier: Apache-2.0
// Two hand a turn to each other by semaphores of POSIX, and both begin by waiting for theirs.
// verdict: leak 20/20
// shape: orphan
#include <semaphore.h>
#include <memory>
#include <thread>

#include "look.h"

struct turns {
  sem_t first, second;
  turns() { sem_init(&first, 0, 0), sem_init(&second, 0, 0); }
};

[[gnu::noinline]] void start() {
  const auto t = std::make_shared<turns>();
  std::thread([t] { sem_wait(&t->first), sem_post(&t->second); }).detach();
  std::thread([t] { sem_wait(&t->second), sem_post(&t->first); }).detach();
}

int main() {
  start();
  await_finding();
}
