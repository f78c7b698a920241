// SPDX-License-Identifier: Apache-2.0
// C's atomics: the flag is stored relaxed.
// verdict: race 20/20
// race: payload
#include <stdatomic.h>
#include <threads.h>

static atomic_flag lock = ATOMIC_FLAG_INIT;
static atomic_int ready;
static _Atomic double mean = 1.0;
int payload, guarded;

static void count(void) {
  while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) thrd_yield();
  guarded++;
  atomic_flag_clear_explicit(&lock, memory_order_release);
}

static int produce(void* unused) {
  (void)unused;
  count();
  mean += 0.5;
  payload = 8;  // <- 1
  atomic_store_explicit(&ready, 1, memory_order_relaxed);
  return 0;
}

int main(void) {
  thrd_t thread;
  thrd_create(&thread, produce, 0);
  while (!atomic_load_explicit(&ready, memory_order_acquire)) thrd_yield();
  int seen = payload;  // <- 2
  count();
  thrd_join(thread, 0);
  return seen > 8 || guarded != 2;
}
