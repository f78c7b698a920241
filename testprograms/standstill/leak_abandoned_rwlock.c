// SPDX-License-Identifier: Apache-2.0
// A reader leaves by pthread_exit; a writer waits for it.
// verdict: leak 20/20
// shape: abandoned lock
#include <pthread.h>

#include "look.h"

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;

static void* look_up(void* unused) {
  pthread_rwlock_rdlock(&table);
  pthread_exit(unused);
}
static void* update(void* unused) {
  pthread_rwlock_wrlock(&table);
  pthread_rwlock_unlock(&table);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, look_up, NULL);
  pthread_join(thread, NULL);
  pthread_create(&thread, NULL, update, NULL);
  pthread_detach(thread);
  await_finding();
  return 0;
}
