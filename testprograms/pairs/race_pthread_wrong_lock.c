// SPDX-License-Identifier: Apache-2.0
// C and POSIX threads: each worker takes a mutex of its own.
// verdict: race 20/20
// race: total
#include <pthread.h>

struct job {
  pthread_mutex_t lock;
  int amount;
};
static long total;

static void* work(void* argument) {
  struct job* j = argument;
  pthread_mutex_lock(&j->lock);
  total += j->amount;  // <- 1 2
  pthread_mutex_unlock(&j->lock);
  return 0;
}

int main(void) {
  struct job a = {PTHREAD_MUTEX_INITIALIZER, 1}, b = {PTHREAD_MUTEX_INITIALIZER, 2};
  pthread_t ta, tb;
  pthread_create(&ta, 0, work, &a);
  pthread_create(&tb, 0, work, &b);
  pthread_join(ta, 0);
  pthread_join(tb, 0);
  return total == 70;
}
