// SPDX-License-Identifier: Apache-2.0
// The threads of C11: a counter under a mutex in one thread only.
// verdict: race 20/20
// race: total
#include <threads.h>

static mtx_t mutex;
static int total;

static int careful(void* unused) {
  (void)unused;
  mtx_lock(&mutex);
  total++;  // <- 1
  mtx_unlock(&mutex);
  return 0;
}

static int careless(void* unused) {
  (void)unused;
  total++;  // <- 2
  return 0;
}

int main(void) {
  thrd_t a, b;
  mtx_init(&mutex, mtx_plain);
  thrd_create(&a, careful, 0);
  thrd_create(&b, careless, 0);
  thrd_join(a, 0);
  thrd_join(b, 0);
  return total == 7;
}
