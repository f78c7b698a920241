// SPDX-License-Identifier: Apache-2.0
// cnd_timedwait ran out, and the stock is read with the mutex given back.
// verdict: race 20/20
// race: stock
#include <stdatomic.h>
#include <threads.h>
#include <time.h>

static mtx_t mutex;
static cnd_t never;
static int stock;
static atomic_int given_back;

static int deliver(void* unused) {
  (void)unused;
  while (!atomic_load_explicit(&given_back, memory_order_relaxed)) thrd_yield();
  mtx_lock(&mutex);
  stock += 3;  // <- 1
  return mtx_unlock(&mutex);
}

int main(void) {
  thrd_t thread;
  mtx_init(&mutex, mtx_plain);
  cnd_init(&never);
  mtx_lock(&mutex);
  thrd_create(&thread, deliver, 0);
  struct timespec deadline;
  timespec_get(&deadline, TIME_UTC);
  while (cnd_timedwait(&never, &mutex, &deadline) != thrd_timedout) {
  }
  mtx_unlock(&mutex);
  atomic_store_explicit(&given_back, 1, memory_order_relaxed);
  int seen = stock;  // <- 2
  thrd_join(thread, 0);
  return seen != 0 && seen != 3;
}
