// SPDX-License-Identifier: Apache-2.0
// pthread_timedjoin_np runs out of time; pthread_clockjoin_np waits for longer.
// verdict: clean 20/20
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static sem_t waited;
static int output;

static void* produce(void* unused) {
  output = 5;
  sem_wait(&waited);
  return unused;
}

int main(void) {
  sem_init(&waited, 0, 0);
  pthread_t thread;
  pthread_create(&thread, 0, produce, 0);
  struct timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  if (pthread_timedjoin_np(thread, 0, &deadline) != ETIMEDOUT) return 1;
  sem_post(&waited);
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  deadline.tv_sec += 30;
  if (pthread_clockjoin_np(thread, 0, CLOCK_MONOTONIC, &deadline) != 0) return 1;
  int seen = output;
  return seen != 5;
}
