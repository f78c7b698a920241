// SPDX-License-Identifier: Apache-2.0
// A robust mutex that was given up: ENOTRECOVERABLE is no lock, and both threads take another mutex.
// verdict: clean 20/20
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t mutex, spare = PTHREAD_MUTEX_INITIALIZER;
static int records;

static void* die(void* unused) {
  pthread_mutex_lock(&mutex);
  return unused;
}

static void* repair(void* unused) {
  if (pthread_mutex_lock(&mutex) != ENOTRECOVERABLE) return &mutex;
  pthread_mutex_lock(&spare);
  records++;
  pthread_mutex_unlock(&spare);
  return unused;
}

int main(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&mutex, &attributes);
  pthread_t a, b;
  void *from_a, *from_b;
  pthread_create(&a, 0, die, 0);
  pthread_join(a, 0);
  if (pthread_mutex_lock(&mutex) != EOWNERDEAD) return 1;
  pthread_mutex_unlock(&mutex);
  pthread_create(&a, 0, repair, 0);
  pthread_create(&b, 0, repair, 0);
  pthread_join(a, &from_a);
  pthread_join(b, &from_b);
  return from_a != 0 || from_b != 0 || records != 2;
}
