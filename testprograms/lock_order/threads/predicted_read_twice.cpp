// SPDX-License-Identifier: Apache-2.0
// A POSIX lock of the kind that lets writers go first, and must therefore not be read twice.
// verdict: clean 20/20
// predicted: queued-writer
#include <pthread.h>

#include "../beside.h"

pthread_rwlock_t table = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

int main() {
  turns turn;
  beside all;
  all.go([&] {
    pthread_rwlock_rdlock(&table);
    pthread_rwlock_rdlock(&table);  // <- 1
    pthread_rwlock_unlock(&table);
    pthread_rwlock_unlock(&table);
    turn.next();
  });
  all.go([&] {
    turn.wait_for(1);
    pthread_rwlock_wrlock(&table);  // <- 2
    pthread_rwlock_unlock(&table);
  });
  all.wait();
}
