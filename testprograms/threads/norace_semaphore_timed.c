// SPDX-License-Identifier: Apache-2.0
// sem_timedwait says ETIMEDOUT; sem_wait does not come back without the cargo.
// verdict: clean 20/20
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static sem_t arrived, looked;
static int cargo;

static void* deliver(void* unused) {
  cargo = 40;
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
  sem_post(&looked);
  sem_wait(&arrived);
  int seen = cargo;
  pthread_join(thread, 0);
  return !late || seen != 40;
}
