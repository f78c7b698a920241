// SPDX-License-Identifier: Apache-2.0
// C and POSIX threads: mutex, condition variable, read-write lock and once.
// verdict: clean 20/20
#include <pthread.h>

static int counter, started, table;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fill_table(void) { table = 1; }

static void* work(void* unused) {
  (void)unused;
  pthread_once(&once, fill_table);
  pthread_rwlock_rdlock(&table_lock);
  int seen = table;
  pthread_rwlock_unlock(&table_lock);
  pthread_rwlock_wrlock(&table_lock);
  table = seen;
  pthread_rwlock_unlock(&table_lock);
  pthread_mutex_lock(&mutex);
  counter++;
  started++;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
  return 0;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, work, 0);
  pthread_create(&b, 0, work, 0);
  pthread_mutex_lock(&mutex);
  while (started < 2) pthread_cond_wait(&changed, &mutex);
  int seen = counter;
  pthread_mutex_unlock(&mutex);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return seen != 2;
}
