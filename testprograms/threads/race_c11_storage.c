// SPDX-License-Identifier: Apache-2.0
// Destructors of thread-specific storage of two threads count without a lock.
// verdict: race 20/20
// race: released
#include <stdlib.h>
#include <threads.h>

static tss_t storage;
static mtx_t mutex;
static int released;
static thread_local int used;

static void release(void* block) {
  released += *(int*)block;  // <- 1 2
  free(block);
}

static int work(void* argument) {
  int* block = malloc(sizeof *block);
  *block = ++used + *(int*)argument;
  return tss_set(storage, block);
}

int main(void) {
  thrd_t a, b;
  int numbers[2] = {10, 20};
  mtx_init(&mutex, mtx_plain);
  tss_create(&storage, release);
  thrd_create(&a, work, &numbers[0]);
  thrd_create(&b, work, &numbers[1]);
  thrd_join(a, 0);
  thrd_join(b, 0);
  return released > 32;
}
