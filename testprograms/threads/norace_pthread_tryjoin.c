// SPDX-License-Identifier: Apache-2.0
// pthread_tryjoin_np says EBUSY until the thread has ended, and then orders all it did.
// verdict: clean 20/20
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

static sem_t tried;
static int output;

static void* produce(void* unused) {
  output = 5;
  sem_wait(&tried);
  return unused;
}

int main(void) {
  sem_init(&tried, 0, 0);
  pthread_t thread;
  pthread_create(&thread, 0, produce, 0);
  if (pthread_tryjoin_np(thread, 0) != EBUSY) return 1;
  sem_post(&tried);
  while (pthread_tryjoin_np(thread, 0) == EBUSY) sched_yield();
  int seen = output;
  return seen != 5;
}
