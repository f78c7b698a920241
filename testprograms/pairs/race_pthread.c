// SPDX-License-Identifier: Apache-2.0
// C and POSIX threads: a counter without a lock.
// verdict: race 20/20
// race: counter
#include <pthread.h>

static int counter;

static void* work(void* unused) {
  (void)unused;
  counter++;  // <- 1 2
  return 0;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, work, 0);
  pthread_create(&b, 0, work, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return counter == 7;
}
