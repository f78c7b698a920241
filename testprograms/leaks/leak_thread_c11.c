// SPDX-License-Identifier: Apache-2.0
// The same with C's own threads.
// verdict: leak 20/20
// shape: thread not joined
#define _GNU_SOURCE
#include <stdatomic.h>
#include <threads.h>
#include <unistd.h>

#include "ended.h"

static atomic_int worker;

static int work(void* unused) {
  (void)unused;
  worker = gettid();
  return 0;
}

int main(void) {
  thrd_t thread;
  thrd_create(&thread, work, NULL);
  while (worker == 0) sched_yield();
  await_end(worker);
  return 0;
}
