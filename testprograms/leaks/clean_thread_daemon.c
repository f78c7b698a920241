// SPDX-License-Identifier: Apache-2.0
// A thread that could be joined, and still runs when main returns.
// verdict: clean 20/20
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "ended.h"

static atomic_int worker;

static void* work(void* unused) {
  worker = gettid();
  for (;;) pause();
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  while (worker == 0) sched_yield();
  return 0;
}
