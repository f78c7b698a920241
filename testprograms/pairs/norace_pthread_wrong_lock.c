// SPDX-License-Identifier: Apache-2.0
// C and POSIX threads: the workers share one mutex.
// verdict: clean 20/20
#include <pthread.h>

struct job {
  pthread_mutex_t* lock;
  int amount;
};
static long total;

static void* work(void* argument) {
  struct job* j = argument;
  pthread_mutex_lock(j->lock);
  total += j->amount;
  pthread_mutex_unlock(j->lock);
  return 0;
}

int main(void) {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  struct job a = {&lock, 1}, b = {&lock, 2};
  pthread_t ta, tb;
  pthread_create(&ta, 0, work, &a);
  pthread_create(&tb, 0, work, &b);
  pthread_join(ta, 0);
  pthread_join(tb, 0);
  return total != 3;
}
