// SPDX-License-Identifier: Apache-2.0
// Mutexes of each kind, and one change beyond the unlock.
// verdict: race 20/20
// race: count
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>

enum { kinds = 4, rounds = 5 };
static const int kind[kinds] = {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK,
                                PTHREAD_MUTEX_ADAPTIVE_NP};
static pthread_mutex_t mutex[kinds];
static int count[kinds];

static void* work(void* unused) {
  for (int i = 0; i < kinds * rounds; ++i) {
    const int k = i % kinds;
    pthread_mutex_lock(&mutex[k]);
    if (kind[k] == PTHREAD_MUTEX_RECURSIVE) {
      pthread_mutex_lock(&mutex[k]);
      pthread_mutex_unlock(&mutex[k]);
    }
    if (kind[k] == PTHREAD_MUTEX_ERRORCHECK && pthread_mutex_lock(&mutex[k]) != EDEADLK) return &mutex[k];
    pthread_mutex_unlock(&mutex[k]);
    count[k]++;  // <- 1 2
  }
  return unused;
}

int main(void) {
  for (int k = 0; k < kinds; ++k) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, kind[k]);
    pthread_mutex_init(&mutex[k], &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  pthread_t a, b;
  void *from_a, *from_b;
  pthread_create(&a, 0, work, 0);
  pthread_create(&b, 0, work, 0);
  pthread_join(a, &from_a);
  pthread_join(b, &from_b);
  for (int k = 0; k < kinds; ++k) {
    if (count[k] > 2 * rounds) return 1;
    pthread_mutex_destroy(&mutex[k]);
  }
  return from_a != 0 || from_b != 0;
}
