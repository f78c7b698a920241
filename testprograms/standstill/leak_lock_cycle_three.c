// SPDX-License-Identifier: Apache-2.0
// Three philosophers of POSIX, each with the fork on his left.
// verdict: leak 20/20
// shape: lock cycle
#include <pthread.h>
#include <stdatomic.h>

#include "look.h"

enum { count = 3 };
static pthread_mutex_t forks[count] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                       PTHREAD_MUTEX_INITIALIZER};
static atomic_int seated;

static void* dine(void* left_fork) {
  pthread_mutex_t* const left = left_fork;
  pthread_mutex_t* const right = &forks[(left - forks + 1) % count];
  pthread_mutex_lock(left);
  ++seated;
  while (seated < count) sched_yield();
  pthread_mutex_lock(right);
  pthread_mutex_unlock(right);
  pthread_mutex_unlock(left);
  return NULL;
}

int main(void) {
  for (int i = 0; i < count; ++i) {
    pthread_t thread;
    pthread_create(&thread, NULL, dine, &forks[i]);
    pthread_detach(thread);
  }
  await_finding();
  return 0;
}
