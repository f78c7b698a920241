// SPDX-License-Identifier: Apache-2.0
// EBUSY means: not yours. The caller takes from the queue all the same.
// verdict: race 20/20
// race: queue
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t locked, tried;
static int queue;

static void* owner(void* unused) {
  pthread_mutex_lock(&mutex);
  sem_post(&locked);
  queue++;  // <- 1
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
  int error = pthread_mutex_trylock(&mutex);
  if (error != EBUSY) return 1;
  queue--;  // <- 2
  sem_post(&tried);
  pthread_join(thread, 0);
  return queue > 1;
}
