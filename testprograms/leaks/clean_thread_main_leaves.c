// SPDX-License-Identifier: Apache-2.0
// main leaves by pthread_exit; the program goes on until the threads have joined each other.
// verdict: clean 20/20
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "ended.h"

static atomic_int worker;

static void* work(void* unused) {
  worker = gettid();
  return unused;
}
static void* join(void* thread) {
  while (worker == 0) sched_yield();
  await_end(worker);
  pthread_join(*(pthread_t*)thread, NULL);
  return NULL;
}

static pthread_t thread;

int main(void) {
  pthread_t joiner;
  pthread_create(&thread, NULL, work, NULL);
  pthread_create(&joiner, NULL, join, &thread);
  pthread_detach(joiner);
  pthread_exit(NULL);
}
