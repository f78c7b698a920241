// SPDX-License-Identifier: Apache-2.0
// Whoever joins under the mutex gives up after a while, lets go, and joins then.
// verdict: clean 20/20
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "look.h"

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static atomic_int stopping;

static void* work(void* unused) {
  while (!stopping) sched_yield();
  pthread_mutex_lock(&guard);
  pthread_mutex_unlock(&guard);
  return unused;
}

int main(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, work, NULL);
  pthread_mutex_lock(&guard);
  stopping = 1;
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_nsec += 20000000;
  if (end.tv_nsec >= 1000000000) ++end.tv_sec, end.tv_nsec -= 1000000000;
  const int joined = pthread_timedjoin_np(worker, NULL, &end);
  pthread_mutex_unlock(&guard);
  if (joined != 0) pthread_join(worker, NULL);
  return 0;
}
