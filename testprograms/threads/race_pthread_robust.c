// SPDX-License-Identifier: Apache-2.0
// The owner of a robust mutex dies; its progress is read before the mutex was asked for.
// verdict: race 20/20
// race: progress
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t mutex;
static sem_t locked;
static int progress;

static void* die(void* unused) {
  pthread_mutex_lock(&mutex);
  sem_post(&locked);
  progress = 1;  // <- 1
  return unused;
}

int main(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&mutex, &attributes);
  sem_init(&locked, 0, 0);
  pthread_t thread;
  pthread_create(&thread, 0, die, 0);
  sem_wait(&locked);
  int seen = progress;  // <- 2
  const int error = pthread_mutex_lock(&mutex);
  pthread_mutex_consistent(&mutex);
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, 0);
  return error != EOWNERDEAD && seen == 1;
}
