// SPDX-License-Identifier: Apache-2.0
// Two pthread_once_t for one handle: both routines run.
// verdict: race 20/20
// race: handle
#include <pthread.h>

static pthread_once_t once[2] = {PTHREAD_ONCE_INIT, PTHREAD_ONCE_INIT};
static int handle;

static void open_handle(void) { handle++; }  // <- 1 2

static void* use(void* argument) {
  pthread_once(argument, open_handle);
  return 0;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, use, &once[0]);
  pthread_create(&b, 0, use, &once[1]);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return handle > 2;
}
