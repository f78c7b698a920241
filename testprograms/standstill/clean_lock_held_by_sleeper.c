// SPDX-License-Identifier: Apache-2.0
// The holder of a lock that others wait for sleeps.
// verdict: clean 20/20
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

static pthread_mutex_t device = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static atomic_int held;

static void* hold(void* unused) {
  pthread_mutex_lock(&device);
  pthread_rwlock_wrlock(&table);
  held = 1;
  const struct timespec a_while = {0, 20000000};
  nanosleep(&a_while, NULL);
  pthread_rwlock_unlock(&table);
  pthread_mutex_unlock(&device);
  return unused;
}
static void* use(void* unused) {
  while (!held) sched_yield();
  pthread_mutex_lock(&device);
  pthread_mutex_unlock(&device);
  return unused;
}
static void* look_up(void* unused) {
  while (!held) sched_yield();
  pthread_rwlock_rdlock(&table);
  pthread_rwlock_unlock(&table);
  return unused;
}

int main(void) {
  void* (*const roles[])(void*) = {hold, use, look_up};
  pthread_t threads[3];
  for (int i = 0; i < 3; ++i) pthread_create(&threads[i], NULL, roles[i], NULL);
  for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
  return 0;
}
