// SPDX-License-Identifier: Apache-2.0
// A lock of the kind that lets writers go first is read, and read again while a writer queues.
// verdict: leak 20/20
// shape: queued-writer
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>

#include "look.h"

static pthread_rwlock_t table = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static atomic_int reading;

static void* look_up(void* unused) {
  pthread_rwlock_rdlock(&table);
  reading = 1;
  // Readers get in until the writer is in the queue.
  while (pthread_rwlock_tryrdlock(&table) == 0) {
    pthread_rwlock_unlock(&table);
    sched_yield();
  }
  pthread_rwlock_rdlock(&table);
  pthread_rwlock_unlock(&table);
  pthread_rwlock_unlock(&table);
  return unused;
}
static void* update(void* unused) {
  while (!reading) sched_yield();
  pthread_rwlock_wrlock(&table);
  pthread_rwlock_unlock(&table);
  return unused;
}

int main(void) {
  void* (*const roles[])(void*) = {look_up, update};
  for (int i = 0; i < 2; ++i) {
    pthread_t thread;
    pthread_create(&thread, NULL, roles[i], NULL);
    pthread_detach(thread);
  }
  await_finding();
  return 0;
}
