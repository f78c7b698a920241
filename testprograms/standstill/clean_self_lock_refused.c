// SPDX-License-Identifier: Apache-2.0
// Locks that one thread may ask for twice: recursive ones are held twice, those that look for errors refuse,
// a written rwlock refuses, and a wait with a deadline ends.
// verdict: clean 20/20
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <time.h>

static void* ask_twice(void* type) {
  pthread_mutex_t mutex;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, *(int*)type);
  pthread_mutex_init(&mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
  pthread_mutex_lock(&mutex);
  struct timespec soon;
  clock_gettime(CLOCK_REALTIME, &soon);
  const int second = *(int*)type == PTHREAD_MUTEX_NORMAL ? pthread_mutex_timedlock(&mutex, &soon)
                                                         : pthread_mutex_lock(&mutex);
  if (second == 0) pthread_mutex_unlock(&mutex);
  *(int*)type = second;
  pthread_mutex_unlock(&mutex);
  pthread_mutex_destroy(&mutex);
  return NULL;
}

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;

static void* write_twice(void* result) {
  pthread_rwlock_wrlock(&table);
  *(int*)result = pthread_rwlock_wrlock(&table);
  pthread_rwlock_unlock(&table);
  return NULL;
}

int main(void) {
  int asked[] = {PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_NORMAL, 0};
  const int answers[] = {0, EDEADLK, ETIMEDOUT, EDEADLK};
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i) pthread_create(&threads[i], NULL, i < 3 ? ask_twice : write_twice, &asked[i]);
  for (int i = 0; i < 4; ++i) {
    pthread_join(threads[i], NULL);
    if (asked[i] != answers[i]) return 1;
  }
  return 0;
}
