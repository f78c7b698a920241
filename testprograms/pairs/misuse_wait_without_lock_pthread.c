// SPDX-License-Identifier: Apache-2.0
// A thread waits with a mutex that another one holds.
// verdict: misuse 20/20
// race: arrived
// hint: wait-without-lock
// also: deadlock
#include <pthread.h>
#include <time.h>

pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;

static void* wait_briefly(void* unused) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  pthread_cond_timedwait(&arrived, &guard, &now);  // <- 1
  return unused;
}

int main(void) {
  pthread_t waiter;
  pthread_mutex_lock(&guard);  // <- 2
  pthread_create(&waiter, 0, wait_briefly, 0);
  pthread_join(waiter, 0);
  return 0;
}
