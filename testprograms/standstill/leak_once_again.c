// SPDX-License-Identifier: Apache-2.0
// An initialiser that asks for itself.
// verdict: leak 20/20
// shape: self-lock
#include <pthread.h>

#include "look.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void initialise(void) { pthread_once(&once, initialise); }
static void* use(void* unused) {
  pthread_once(&once, initialise);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, use, NULL);
  pthread_detach(thread);
  await_finding();
  return 0;
}
