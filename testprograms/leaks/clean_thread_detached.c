// SPDX-License-Identifier: Apache-2.0
// Detached: at its creation, by itself, and after its end.
// verdict: clean 20/20
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "ended.h"

static atomic_int workers[3];

static void* work(void* mine) {
  const int tid = gettid();
  if (mine == &workers[1]) pthread_detach(pthread_self());
  *(atomic_int*)mine = tid;
  return NULL;
}

int main(void) {
  pthread_t threads[3];
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  for (int i = 0; i < 3; ++i) {
    pthread_create(&threads[i], i == 0 ? &detached : NULL, work, &workers[i]);
    while (workers[i] == 0) sched_yield();
    await_end(workers[i]);
  }
  pthread_detach(threads[2]);
  pthread_attr_destroy(&detached);
  return 0;
}
