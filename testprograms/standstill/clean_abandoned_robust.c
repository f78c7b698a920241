// SPDX-License-Identifier: Apache-2.0
// A robust mutex goes to the next one when its owner ends.
// verdict: clean 20/20
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include "look.h"

static pthread_mutex_t settings;
static atomic_int held, waits;

static void* forget(void* unused) {
  pthread_mutex_lock(&settings);
  held = 1;
  while (!waits) sched_yield();
  await_asleep(waits);
  return unused;
}
static void* take_over(void* result) {
  while (!held) sched_yield();
  waits = gettid();
  *(int*)result = pthread_mutex_lock(&settings);
  pthread_mutex_consistent(&settings);
  pthread_mutex_unlock(&settings);
  return NULL;
}

int main(void) {
  pthread_mutexattr_t robust;
  pthread_mutexattr_init(&robust);
  pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&settings, &robust);
  pthread_mutexattr_destroy(&robust);
  pthread_t first, second;
  int result = 0;
  pthread_create(&first, NULL, forget, NULL);
  pthread_create(&second, NULL, take_over, &result);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  pthread_mutex_destroy(&settings);
  return result != EOWNERDEAD;
}
