// SPDX-License-Identifier: Apache-2.0
// A thread that computes is cancelled wherever it is; what it computed is read before it has ended.
// verdict: race 20/20
// race: table
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { size = 64 };
static int table[size];
static atomic_uint rounds;

static void* compute(void* unused) {
  int old;
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
  for (;;) {
    for (int i = 0; i < size; ++i) table[i] = table[(i * 7 + 1) % size] + i;  // <- 1
    atomic_fetch_add_explicit(&rounds, 1, memory_order_relaxed);
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, compute, 0);
  while (atomic_load_explicit(&rounds, memory_order_relaxed) < 3) sched_yield();
  pthread_cancel(thread);
  const int last = table[size - 1];  // <- 2
  pthread_join(thread, 0);
  return last == -1;
}
