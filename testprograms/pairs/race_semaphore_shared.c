// SPDX-License-Identifier: Apache-2.0
// A semaphore that processes share orders nothing that is done after the post.
// verdict: race 20/20
// race: value
#include <pthread.h>
#include <semaphore.h>

static sem_t ready;
static int value;

static void* write_value(void* unused) {
  sem_post(&ready);
  value++;  // <- 1
  return unused;
}

int main(void) {
  sem_init(&ready, 1, 0);
  pthread_t writer;
  pthread_create(&writer, 0, write_value, 0);
  sem_wait(&ready);
  int seen = value;  // <- 2
  pthread_join(writer, 0);
  return seen == 7;
}
