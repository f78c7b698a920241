// SPDX-License-Identifier: Apache-2.0
// pthread_tryjoin_np says EBUSY: the thread has not ended, and its output is read.
// verdict: race 20/20
// race: output
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

static sem_t tried;
int output;

static void* produce(void* unused) {
  output = 5;  // <- 1
  sem_wait(&tried);
  return unused;
}

int main(void) {
  sem_init(&tried, 0, 0);
  pthread_t thread;
  pthread_create(&thread, 0, produce, 0);
  if (pthread_tryjoin_np(thread, 0) != EBUSY) return 1;
  int seen = output;  // <- 2
  sem_post(&tried);
  while (pthread_tryjoin_np(thread, 0) == EBUSY) sched_yield();
  return seen > 5;
}
