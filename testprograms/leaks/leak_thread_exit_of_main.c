// SPDX-License-Identifier: Apache-2.0
// The same; main ends by exit(0).
// verdict: leak 20/20
// shape: thread not joined
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "ended.h"

static atomic_int worker;

static void* work(void* unused) {
  worker = gettid();
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  while (worker == 0) sched_yield();
  await_end(worker);
  exit(0);
}
