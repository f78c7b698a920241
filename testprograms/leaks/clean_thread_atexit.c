// SPDX-License-Identifier: Apache-2.0
// An exit handler joins.
// verdict: clean 20/20
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "ended.h"

static atomic_int worker;
static pthread_t thread;

static void* work(void* unused) {
  worker = gettid();
  return unused;
}
static void join(void) { pthread_join(thread, NULL); }

int main(void) {
  atexit(join);
  pthread_create(&thread, NULL, work, NULL);
  while (worker == 0) sched_yield();
  await_end(worker);
  return 0;
}
