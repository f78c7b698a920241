// SPDX-License-Identifier: Apache-2.0
// The result of a thread points to a block which the thread has also shown to somebody else.
// verdict: race 20/20
// race: value answer
#include <pthread.h>
#include <stdlib.h>

struct answer {
  int value;
};
static struct answer* shown;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void* compute(void* unused) {
  (void)unused;
  struct answer* a = calloc(1, sizeof *a);
  pthread_mutex_lock(&mutex);
  shown = a;
  pthread_mutex_unlock(&mutex);
  a->value = 42;  // <- 1
  pthread_exit(a);
}

int main(void) {
  pthread_t thread;
  struct answer* a = 0;
  pthread_create(&thread, 0, compute, 0);
  while (a == 0) {
    pthread_mutex_lock(&mutex);
    a = shown;
    pthread_mutex_unlock(&mutex);
  }
  a->value++;  // <- 2
  void* result;
  pthread_join(thread, &result);
  int wrong = a->value == 7;
  free(result);
  return wrong;
}
