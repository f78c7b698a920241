// SPDX-License-Identifier: Apache-2.0
// All waiters are woken at once, and each takes its share while it has the lock.
// verdict: clean 20/20
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t baked = PTHREAD_COND_INITIALIZER;
static int open_now, bread;

static void* eat(void* unused) {
  pthread_mutex_lock(&mutex);
  while (!open_now) pthread_cond_wait(&baked, &mutex);
  bread--;
  pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  pthread_t guest[3];
  for (int i = 0; i < 3; ++i) pthread_create(&guest[i], 0, eat, 0);
  pthread_mutex_lock(&mutex);
  bread = 10;
  open_now = 1;
  pthread_cond_broadcast(&baked);
  pthread_mutex_unlock(&mutex);
  for (int i = 0; i < 3; ++i) pthread_join(guest[i], 0);
  return bread != 7;
}
