// SPDX-License-Identifier: Apache-2.0
// POSIX locks as they are by default, and the kind that is said to prefer writers: in glibc readers pass
// writers who wait for either, so reading twice is fine.
// verdict: clean 20/20
#include <pthread.h>

#include "../beside.h"

void read_twice_beside_a_writer(pthread_rwlock_t& table) {
  turns turn;
  beside all;
  all.go([&] {
    pthread_rwlock_rdlock(&table);
    pthread_rwlock_rdlock(&table);
    pthread_rwlock_unlock(&table);
    pthread_rwlock_unlock(&table);
    turn.next();
  });
  all.go([&] {
    turn.wait_for(1);
    pthread_rwlock_wrlock(&table);
    pthread_rwlock_unlock(&table);
  });
  all.wait();
}

int main() {
  pthread_rwlock_t by_default = PTHREAD_RWLOCK_INITIALIZER, preferring;
  pthread_rwlockattr_t kind;
  pthread_rwlockattr_init(&kind);
  pthread_rwlockattr_setkind_np(&kind, PTHREAD_RWLOCK_PREFER_WRITER_NP);
  pthread_rwlock_init(&preferring, &kind);
  read_twice_beside_a_writer(by_default);
  read_twice_beside_a_writer(preferring);
  pthread_rwlock_destroy(&preferring);
}
