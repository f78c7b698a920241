// SPDX-License-Identifier: Apache-2.0
// The kind of lock that lets writers go first is read twice while a writer queues, who gives up after a
// while.
// verdict: clean 20/20
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "look.h"

static pthread_rwlock_t table = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static atomic_int reading, over;

static void* look_up(void* unused) {
  pthread_rwlock_rdlock(&table);
  reading = 1;
  while (!over && pthread_rwlock_tryrdlock(&table) == 0) {
    pthread_rwlock_unlock(&table);
    sched_yield();
  }
  pthread_rwlock_rdlock(&table);
  pthread_rwlock_unlock(&table);
  pthread_rwlock_unlock(&table);
  return unused;
}
static void* update(void* unused) {
  while (!reading) sched_yield();
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_nsec += 20000000;
  if (end.tv_nsec >= 1000000000) ++end.tv_sec, end.tv_nsec -= 1000000000;
  if (pthread_rwlock_timedwrlock(&table, &end) == 0) pthread_rwlock_unlock(&table);
  over = 1;
  return unused;
}

int main(void) {
  void* (*const roles[])(void*) = {look_up, update};
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, roles[i], NULL);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  return 0;
}
