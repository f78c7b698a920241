// SPDX-License-Identifier: Apache-2.0
// sem_timedwait says ETIMEDOUT, and the cargo is looked at.
// verdict: race 20/20
// race: cargo
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static sem_t arrived, looked;
int cargo;

static void* deliver(void* unused) {
  cargo = 40;  // <- 1
  sem_wait(&looked);
  sem_post(&arrived);
  return unused;
}

int main(void) {
  sem_init(&arrived, 0, 0);
  sem_init(&looked, 0, 0);
  pthread_t thread;
  pthread_create(&thread, 0, deliver, 0);
  struct timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  const int late = sem_timedwait(&arrived, &deadline) == -1 && errno == ETIMEDOUT;
  int seen = cargo;  // <- 2
  sem_post(&looked);
  sem_wait(&arrived);
  pthread_join(thread, 0);
  return !late || seen > 40;
}
