// SPDX-License-Identifier: Apache-2.0
// A lock of the old __sync builtins, opened by a plain store.
// verdict: race 20/20
// race: total lock
#include <pthread.h>
#include <sched.h>

static int lock, total;

static void* add(void* unused) {
  for (int i = 0; i < 5; ++i) {
    while (__sync_lock_test_and_set(&lock, 1)) sched_yield();  // <- 1 2
    total++;                                                   // <- 1 2
    lock = 0;                                                  // <- 1 2
  }
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, add, 0);
  pthread_create(&b, 0, add, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return total > 10;
}
