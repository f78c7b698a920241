// SPDX-License-Identifier: Apache-2.0
// The barrier's serial thread adds up, and the others read the sum without meeting again.
// verdict: race 20/20
// race: sum
#include <pthread.h>

enum { count = 3 };
static pthread_barrier_t barrier;
static int part[count], seen[count], sum;

static void* work(void* argument) {
  const long me = (long)argument;
  part[me] = (int)me + 1;
  if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) {
    for (int i = 0; i < count; ++i) sum += part[i];  // <- 1
  }
  seen[me] = sum;  // <- 2
  return 0;
}

int main(void) {
  pthread_t thread[count];
  pthread_barrier_init(&barrier, 0, count);
  for (long i = 0; i < count; ++i) pthread_create(&thread[i], 0, work, (void*)i);
  for (int i = 0; i < count; ++i) pthread_join(thread[i], 0);
  pthread_barrier_destroy(&barrier);
  return seen[0] > 6;
}
