// SPDX-License-Identifier: Apache-2.0
// A bit-field of width zero parts two neighbours: they are two memory locations.
// verdict: clean 20/20
#include <pthread.h>

static struct {
  unsigned open : 3;
  unsigned : 0;
  unsigned locked : 5;
} gate;

static void* unlock(void* unused) {
  gate.locked = 7;
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, unlock, 0);
  gate.open = 5;
  pthread_join(thread, 0);
  return gate.open + gate.locked != 12;
}
