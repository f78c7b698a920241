// SPDX-License-Identifier: Apache-2.0
// A cancelled thread's handler writes while main, which has not joined it yet, reads.
// verdict: race 20/20
// race: cleaned
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t started_changed = PTHREAD_COND_INITIALIZER, never = PTHREAD_COND_INITIALIZER;
static int started, cleaned;

static void clean(void* unused) {
  (void)unused;
  cleaned++;  // <- 1
  pthread_mutex_unlock(&mutex);
}

static void* wait_for_ever(void* unused) {
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(clean, unused);
  started = 1;
  pthread_cond_signal(&started_changed);
  for (;;) pthread_cond_wait(&never, &mutex);
  pthread_cleanup_pop(0);
  return 0;
}

int main(void) {
  pthread_t waiter;
  pthread_create(&waiter, 0, wait_for_ever, 0);
  pthread_mutex_lock(&mutex);
  while (!started) pthread_cond_wait(&started_changed, &mutex);
  pthread_mutex_unlock(&mutex);
  pthread_cancel(waiter);
  int seen = cleaned;  // <- 2
  pthread_join(waiter, 0);
  return seen == 7;
}
