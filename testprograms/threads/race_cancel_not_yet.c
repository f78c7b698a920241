// SPDX-License-Identifier: Apache-2.0
// A thread that is cancelled goes on until it acts on it: what it does before is not ordered by the
// cancellation.
// verdict: race 20/20
// race: reason
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>

static int reason, seen;
static sem_t begun;
static atomic_int cancelled;

static void* work(void* unused) {
  sem_post(&begun);
  while (!atomic_load_explicit(&cancelled, memory_order_relaxed)) {
  }
  seen = reason;  // <- 1
  for (;;) pthread_testcancel();
  return unused;
}

int main(void) {
  pthread_t thread;
  sem_init(&begun, 0, 0);
  pthread_create(&thread, 0, work, 0);
  sem_wait(&begun);
  reason = 1;  // <- 2
  pthread_cancel(thread);
  atomic_store_explicit(&cancelled, 1, memory_order_relaxed);
  pthread_join(thread, 0);
  printf("seen %d\n", seen);
  return 0;
}
