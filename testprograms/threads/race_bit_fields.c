// SPDX-License-Identifier: Apache-2.0
// Two bit-fields side by side are one memory location, also in C.
// verdict: race 20/20
// race: open locked gate
#include <pthread.h>

static struct {
  unsigned open : 3;
  unsigned locked : 5;
} gate;

static void* unlock(void* unused) {
  gate.locked = 7;  // <- 1
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, unlock, 0);
  gate.open = 5;  // <- 2
  pthread_join(thread, 0);
  return gate.open + gate.locked > 12;
}
