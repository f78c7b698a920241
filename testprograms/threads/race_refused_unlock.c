// SPDX-License-Identifier: Apache-2.0
// An unlock that is refused hands nothing on: the owner of the mutex is not ordered after who tried.
// verdict: race 20/20
// race: value
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static pthread_mutex_t mutex;
static atomic_int tried;
int value;

static void* try_to_unlock(void* unused) {
  value = 1;  // <- 1
  if (pthread_mutex_unlock(&mutex) != EPERM) abort();
  atomic_store_explicit(&tried, 1, memory_order_relaxed);
  return unused;
}

int main(void) {
  pthread_mutexattr_t type;
  pthread_mutexattr_init(&type);
  pthread_mutexattr_settype(&type, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&mutex, &type);
  pthread_t other;
  pthread_create(&other, NULL, try_to_unlock, NULL);
  while (!atomic_load_explicit(&tried, memory_order_relaxed)) {
  }
  pthread_mutex_lock(&mutex);
  value = 2;  // <- 2
  pthread_mutex_unlock(&mutex);
  pthread_join(other, NULL);
  return value != 2;
}
