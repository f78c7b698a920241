// SPDX-License-Identifier: Apache-2.0
// A barrier of POSIX for three, at which two arrive.
// verdict: leak 20/20
// shape: orphan
#include <pthread.h>

#include "look.h"

void* arrive(void* barrier) {
  pthread_barrier_wait(static_cast<pthread_barrier_t*>(barrier));
  return nullptr;
}

[[gnu::noinline]] void start() {
  auto* const barrier = new pthread_barrier_t;
  pthread_barrier_init(barrier, nullptr, 3);
  for (int i = 0; i < 2; ++i) {
    pthread_t thread;
    pthread_create(&thread, nullptr, arrive, barrier);
    pthread_detach(thread);
  }
}

int main() {
  start();
  await_finding();
}
