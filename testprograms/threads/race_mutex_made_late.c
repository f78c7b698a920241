// SPDX-License-Identifier: Apache-2.0
// A global mutex is made by one of the threads that use it, while the other may lock it.
// verdict: race 20/20
// race: mutex
#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t mutex;
static int balance;
static atomic_int made;

static void* make_and_use(void* unused) {
  pthread_mutex_init(&mutex, NULL);  // <- 1
  pthread_mutex_lock(&mutex);
  ++balance;
  pthread_mutex_unlock(&mutex);
  atomic_store_explicit(&made, 1, memory_order_relaxed);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, make_and_use, NULL);
  while (!atomic_load_explicit(&made, memory_order_relaxed)) {
  }
  pthread_mutex_lock(&mutex);  // <- 2
  ++balance;
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, NULL);
  return balance != 2;
}
