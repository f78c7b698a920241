// SPDX-License-Identifier: Apache-2.0
// A barrier of POSIX for three, at which two arrive, made with a mask of signals: of that the kernel knows
// the first eight bytes, and behind them lies what happened to be on the stack.
// verdict: leak 20/20
// shape: orphan
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <iterator>

#include "look.h"

void* arrive(void* barrier) {
  pthread_barrier_wait(static_cast<pthread_barrier_t*>(barrier));
  return nullptr;
}

[[gnu::noinline]] void start() {
  auto* const barrier = new pthread_barrier_t;
  pthread_barrier_init(barrier, nullptr, 3);
  union {
    sigset_t set;
    void* left_over[sizeof(sigset_t) / sizeof(void*)];
  } mask;
  sigemptyset(&mask.set);
  const auto leave = [&mask](void* word) {
    std::fill(std::begin(mask.left_over) + 1, std::end(mask.left_over), word);
    asm volatile("" ::"r"(&mask) : "memory");
  };
  leave(barrier);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setsigmask_np(&attributes, &mask.set);
  for (int i = 0; i < 2; ++i) {
    pthread_t thread;
    pthread_create(&thread, &attributes, arrive, barrier);
    pthread_detach(thread);
  }
  leave(nullptr);
  pthread_attr_setsigmask_np(&attributes, &mask.set);
  pthread_attr_destroy(&attributes);
}

int main() {
  start();
  await_finding();
}
