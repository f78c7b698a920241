// SPDX-License-Identifier: Apache-2.0
// mtx_timedlock says thrd_timedout, and a token is taken.
// verdict: race 20/20
// race: tokens
#include <stdatomic.h>
#include <threads.h>
#include <time.h>

static mtx_t mutex;
static atomic_int locked, tried;
static int tokens = 5;

static void say(atomic_int* what) { atomic_store_explicit(what, 1, memory_order_relaxed); }
static void hear(atomic_int* what) {
  while (!atomic_load_explicit(what, memory_order_relaxed)) thrd_yield();
}

static int owner(void* unused) {
  (void)unused;
  mtx_lock(&mutex);
  say(&locked);
  tokens--;  // <- 1
  hear(&tried);
  return mtx_unlock(&mutex);
}

int main(void) {
  thrd_t thread;
  mtx_init(&mutex, mtx_timed);
  thrd_create(&thread, owner, 0);
  hear(&locked);
  struct timespec deadline;
  timespec_get(&deadline, TIME_UTC);
  if (mtx_trylock(&mutex) != thrd_busy || mtx_timedlock(&mutex, &deadline) != thrd_timedout) return 1;
  tokens--;  // <- 2
  say(&tried);
  thrd_join(thread, 0);
  return tokens > 5;
}
