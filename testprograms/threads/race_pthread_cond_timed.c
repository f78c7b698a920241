// SPDX-License-Identifier: Apache-2.0
// The timed wait ran out, and both sides change the value with the lock given back.
// verdict: race 20/20
// race: temperature
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never;
int temperature;

static void* warm_up(void* unused) {
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  temperature++;  // <- 1
  return unused;
}

int main(void) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&never, &attributes);
  pthread_t thread;
  pthread_mutex_lock(&mutex);
  pthread_create(&thread, 0, warm_up, 0);
  struct timespec deadline;
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  while (pthread_cond_timedwait(&never, &mutex, &deadline) != ETIMEDOUT) {
  }
  pthread_mutex_unlock(&mutex);
  temperature++;  // <- 2
  pthread_join(thread, 0);
  return temperature > 2;
}
