// SPDX-License-Identifier: Apache-2.0
// Mutexes that inherit priority, or are shared by processes; the steps come after the unlock.
// verdict: race 20/20
// race: steps
#include <pthread.h>

enum { kinds = 2 };
static pthread_mutex_t mutex[kinds];
static int steps[kinds];

static void* work(void* unused) {
  for (int i = 0; i < 10; ++i) {
    const int k = i % kinds;
    pthread_mutex_lock(&mutex[k]);
    pthread_mutex_unlock(&mutex[k]);
    steps[k]++;  // <- 1 2
  }
  return unused;
}

int main(void) {
  pthread_mutexattr_t inheriting, shared;
  pthread_mutexattr_init(&inheriting);
  pthread_mutexattr_setprotocol(&inheriting, PTHREAD_PRIO_INHERIT);
  pthread_mutex_init(&mutex[0], &inheriting);
  pthread_mutexattr_init(&shared);
  pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&mutex[1], &shared);
  pthread_t a, b;
  pthread_create(&a, 0, work, 0);
  pthread_create(&b, 0, work, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return steps[0] + steps[1] > 20;
}
