// SPDX-License-Identifier: Apache-2.0
// A handler leaves by a jump, out of whatever it interrupted; what follows is checked as before.
// verdict: race 20/20
// race: result
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>

enum { size = 64 };
static int table[size];
static int result;
static sigjmp_buf out;
static atomic_int computing, over;

static void on_signal(int number) {
  (void)number;
  siglongjmp(out, 1);
}

static void* compute(void* unused) {
  for (volatile int jumps = 0; jumps < 20; ++jumps) {
    if (sigsetjmp(out, 1) != 0) continue;
    atomic_store(&computing, 1);
    for (;;)
      for (int i = 0; i < size; ++i) table[i] = table[(i * 7 + 1) % size] + i;
  }
  result = table[0];  // <- 1
  atomic_store_explicit(&over, 1, memory_order_relaxed);
  return unused;
}

int main(void) {
  signal(SIGUSR1, on_signal);
  pthread_t thread;
  pthread_create(&thread, 0, compute, 0);
  while (!atomic_load_explicit(&over, memory_order_relaxed)) {
    if (atomic_exchange(&computing, 0)) pthread_kill(thread, SIGUSR1);
  }
  result = 0;  // <- 2
  pthread_join(thread, 0);
  printf("result %d\n", result);
  return 0;
}
