// SPDX-License-Identifier: Apache-2.0
// Destructors of two threads' values of a pthread key add up without a lock.
// verdict: race 20/20
// race: total
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;
static long total;

static void add_up(void* value) {
  total += *(long*)value;  // <- 1 2
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
  return total == 7;
}
