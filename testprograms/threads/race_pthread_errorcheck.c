// SPDX-License-Identifier: Apache-2.0
// An unlock by somebody else fails with EPERM, which nobody looks at; the caller believes it has had the
// lock.
// verdict: race 20/20
// race: boxes
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t mutex;
static sem_t locked, tried;
static int boxes;

static void* owner(void* unused) {
  pthread_mutex_lock(&mutex);
  sem_post(&locked);
  boxes++;  // <- 1
  sem_wait(&tried);
  pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&mutex, &attributes);
  sem_init(&locked, 0, 0);
  sem_init(&tried, 0, 0);
  pthread_t thread;
  pthread_create(&thread, 0, owner, 0);
  sem_wait(&locked);
  const int error = pthread_mutex_unlock(&mutex);
  boxes++;  // <- 2
  sem_post(&tried);
  pthread_join(thread, 0);
  return error != EPERM || boxes > 2;
}
