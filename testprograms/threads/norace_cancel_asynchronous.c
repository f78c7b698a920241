// SPDX-License-Identifier: Apache-2.0
// A thread that computes is cancelled wherever it is; its cleanup handler reads what came before.
// verdict: clean 20/20
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { size = 64 };
static int table[size];
static int reason, told;
static atomic_uint rounds;

static void clean_up(void* unused) {
  (void)unused;
  told += reason;
}

static void* compute(void* unused) {
  int old;
  pthread_cleanup_push(clean_up, 0);
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
  for (;;) {
    for (int i = 0; i < size; ++i) table[i] = table[(i * 7 + 1) % size] + i;
    atomic_fetch_add(&rounds, 1);
  }
  pthread_cleanup_pop(0);
  return unused;
}

int main(void) {
  for (int i = 0; i < 20; ++i) {
    pthread_t thread;
    void* end;
    const unsigned before = atomic_load(&rounds);
    pthread_create(&thread, 0, compute, 0);
    while (atomic_load(&rounds) < before + 3) sched_yield();
    reason = i;
    pthread_cancel(thread);
    pthread_join(thread, &end);
    if (end != PTHREAD_CANCELED) return 1;
    table[0] = 1;
  }
  return told != 190;
}
