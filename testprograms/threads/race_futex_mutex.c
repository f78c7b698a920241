// SPDX-License-Identifier: Apache-2.0
// A mutex of one's own on the futex call, whose unlock is relaxed.
// verdict: race 20/20
// race: value
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#define UNLOCK_ORDER memory_order_relaxed
static atomic_int state;  // 0: free, 1: locked, 2: locked, and somebody waits
static int value;

static void lock(void) {
  int expected = 0;
  if (atomic_compare_exchange_strong_explicit(&state, &expected, 1, memory_order_acquire,
                                              memory_order_relaxed))
    return;
  while (atomic_exchange_explicit(&state, 2, memory_order_acquire) != 0)
    syscall(SYS_futex, &state, FUTEX_WAIT_PRIVATE, 2, 0, 0, 0);
}

static void unlock(void) {
  if (atomic_exchange_explicit(&state, 0, UNLOCK_ORDER) == 2)
    syscall(SYS_futex, &state, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}

static void* work(void* unused) {
  for (int i = 0; i < 20; ++i) {
    lock();
    value++;  // <- 1 2
    unlock();
  }
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, work, 0);
  pthread_create(&b, 0, work, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return value > 40;
}
