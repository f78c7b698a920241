// SPDX-License-Identifier: Apache-2.0
// Two rwlocks, each written by one thread and wanted for writing by the other.
// verdict: leak 20/20
// shape: lock cycle
#include <pthread.h>
#include <stdatomic.h>

#include "look.h"

static pthread_rwlock_t tables[2] = {PTHREAD_RWLOCK_INITIALIZER, PTHREAD_RWLOCK_INITIALIZER};
static atomic_int writing;

static void* copy(void* from_table) {
  pthread_rwlock_t* const from = from_table;
  pthread_rwlock_t* const to = from == &tables[0] ? &tables[1] : &tables[0];
  pthread_rwlock_wrlock(from);
  ++writing;
  while (writing < 2) sched_yield();
  pthread_rwlock_wrlock(to);
  pthread_rwlock_unlock(to);
  pthread_rwlock_unlock(from);
  return NULL;
}

int main(void) {
  for (int i = 0; i < 2; ++i) {
    pthread_t thread;
    pthread_create(&thread, NULL, copy, &tables[i]);
    pthread_detach(thread);
  }
  await_finding();
  return 0;
}
