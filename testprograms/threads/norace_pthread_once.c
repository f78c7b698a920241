// SPDX-License-Identifier: Apache-2.0
// One pthread_once_t for one handle.
// verdict: clean 20/20
#include <pthread.h>

static pthread_once_t once[2] = {PTHREAD_ONCE_INIT, PTHREAD_ONCE_INIT};
static int handle;

static void open_handle(void) { handle++; }

static void* use(void* argument) {
  pthread_once(argument, open_handle);
  return 0;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, use, &once[0]);
  pthread_create(&b, 0, use, &once[0]);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return handle != 1;
}
