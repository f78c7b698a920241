// SPDX-License-Identifier: Apache-2.0
// A key's destructor sets the value again and runs once more; each time it counts under the lock.
// verdict: clean 20/20
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t key;
static int freed;

static void release(void* value) {
  int* left = value;
  pthread_mutex_lock(&mutex);
  freed++;
  pthread_mutex_unlock(&mutex);
  if (--*left > 0) pthread_setspecific(key, left);
}

static void* work(void* argument) {
  pthread_setspecific(key, argument);
  return 0;
}

int main(void) {
  pthread_t a, b;
  int left[2] = {2, 3};
  pthread_key_create(&key, release);
  pthread_create(&a, 0, work, &left[0]);
  pthread_create(&b, 0, work, &left[1]);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return freed != 5 || left[0] + left[1] != 0;
}
