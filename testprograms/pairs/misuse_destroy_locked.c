// SPDX-License-Identifier: Apache-2.0
// A mutex is destroyed that is locked.
// verdict: misuse 20/20
// race: guard
// hint: destroyed-locked
#include <pthread.h>

int main(void) {
  pthread_mutex_t guard;
  pthread_mutex_init(&guard, 0);
  pthread_mutex_lock(&guard);     // <- 2
  pthread_mutex_destroy(&guard);  // <- 1
  return 0;
}
