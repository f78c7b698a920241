// SPDX-License-Identifier: Apache-2.0
// sem_wait takes what was posted, and orders it.
// verdict: clean 20/20
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

static sem_t posted;
static int job;

static void* post(void* unused) {
  job = 17;
  sem_post(&posted);
  return unused;
}

int main(void) {
  sem_init(&posted, 0, 0);
  pthread_t thread;
  pthread_create(&thread, 0, post, 0);
  int value = 0;
  while (value == 0) {
    sem_getvalue(&posted, &value);
    sched_yield();
  }
  sem_wait(&posted);
  int seen = job;
  pthread_join(thread, 0);
  return seen != 17;
}
