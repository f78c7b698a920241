// SPDX-License-Identifier: Apache-2.0
// A thread created detached: its semaphore is posted before the last write.
// verdict: race 20/20
// race: state
#include <pthread.h>
#include <semaphore.h>

static sem_t ready, over;
int state;

static void* work(void* unused) {
  sem_post(&ready);
  state = 1;  // <- 1
  sem_post(&over);
  return unused;
}

int main(void) {
  sem_init(&ready, 0, 0);
  sem_init(&over, 0, 0);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  pthread_create(&thread, &attributes, work, 0);
  sem_wait(&ready);
  int seen = state;  // <- 2
  sem_wait(&over);
  return seen > 1;
}
