// SPDX-License-Identifier: Apache-2.0
// A read-write lock is unlocked once too often.
// verdict: misuse 20/20
// race: table_lock
// hint: unlock-of-unlocked
#include <pthread.h>

pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;

int main(void) {
  pthread_rwlock_rdlock(&table_lock);
  pthread_rwlock_unlock(&table_lock);
  pthread_rwlock_unlock(&table_lock);  // <- 1
  return 0;
}
