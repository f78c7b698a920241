// SPDX-License-Identifier: Apache-2.0
// pthread_rwlock_timedrdlock ran out of time beside a writer, and its caller reads.
// verdict: race 20/20
// race: quota
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t locked, tried;
static int quota;

static void* write_quota(void* unused) {
  struct timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  deadline.tv_sec += 30;
  if (pthread_rwlock_timedwrlock(&lock, &deadline) != 0) return &quota;
  sem_post(&locked);
  quota = 100;  // <- 1
  sem_wait(&tried);
  pthread_rwlock_unlock(&lock);
  return unused;
}

int main(void) {
  sem_init(&locked, 0, 0);
  sem_init(&tried, 0, 0);
  pthread_t writer;
  pthread_create(&writer, 0, write_quota, 0);
  sem_wait(&locked);
  struct timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  if (pthread_rwlock_timedrdlock(&lock, &deadline) != ETIMEDOUT) return 1;
  int seen = quota;  // <- 2
  sem_post(&tried);
  void* failed;
  pthread_join(writer, &failed);
  return failed != 0 || seen > 100;
}
