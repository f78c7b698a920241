// SPDX-License-Identifier: Apache-2.0
// pthread_timedjoin_np runs out of time, and what the thread does is read.
// verdict: race 20/20
// race: output
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static sem_t waited;
int output;

static void* produce(void* unused) {
  output = 5;  // <- 1
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
  int seen = output;  // <- 2
  sem_post(&waited);
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  deadline.tv_sec += 30;
  if (pthread_clockjoin_np(thread, 0, CLOCK_MONOTONIC, &deadline) != 0) return 1;
  return seen > 5;
}
