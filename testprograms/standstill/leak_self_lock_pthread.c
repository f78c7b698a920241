// SPDX-License-Identifier: Apache-2.0
// A normal mutex of POSIX, locked twice by one thread.
// verdict: leak 20/20
// shape: self-lock
#include <pthread.h>

#include "look.h"

static pthread_mutex_t list = PTHREAD_MUTEX_INITIALIZER;

static void* append(void* unused) {
  pthread_mutex_lock(&list);
  pthread_mutex_lock(&list);
  pthread_mutex_unlock(&list);
  pthread_mutex_unlock(&list);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, append, NULL);
  pthread_detach(thread);
  await_finding();
  return 0;
}
