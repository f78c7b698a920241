// SPDX-License-Identifier: Apache-2.0
// Destructors of a pthread key's values run in the name of their thread, and before it is joined.
// verdict: clean 20/20
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long total;

static void add_up(void* value) {
  pthread_mutex_lock(&mutex);
  total += *(long*)value;
  pthread_mutex_unlock(&mutex);
  free(value);
}

static void* work(void* argument) {
  long* mine = malloc(sizeof *mine);
  *mine = (long)argument;
  pthread_setspecific(key, mine);
  return 0;
}

int main(void) {
  pthread_t a, b;
  pthread_key_create(&key, add_up);
  pthread_create(&a, 0, work, (void*)1);
  pthread_create(&b, 0, work, (void*)2);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return total != 3;
}
