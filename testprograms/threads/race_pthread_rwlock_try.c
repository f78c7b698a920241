// SPDX-License-Identifier: Apache-2.0
// Readers share the lock; a writer whose pthread_rwlock_trywrlock says EBUSY writes nevertheless.
// verdict: race 20/20
// race: price
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t reading[2], tried;
static int price = 5, seen[2];

static void* read_price(void* number) {
  const long i = (long)number;
  if (pthread_rwlock_tryrdlock(&lock) != 0) return 0;
  seen[i] = price;  // <- 1
  sem_post(&reading[i]);
  sem_wait(&tried);
  pthread_rwlock_unlock(&lock);
  return 0;
}

int main(void) {
  pthread_t reader[2];
  sem_init(&tried, 0, 0);
  for (long i = 0; i < 2; ++i) sem_init(&reading[i], 0, 0);
  for (long i = 0; i < 2; ++i) pthread_create(&reader[i], 0, read_price, (void*)i);
  sem_wait(&reading[0]);
  if (pthread_rwlock_trywrlock(&lock) != EBUSY) return 1;
  price = 6;  // <- 2
  sem_wait(&reading[1]);
  sem_post(&tried);
  sem_post(&tried);
  for (int i = 0; i < 2; ++i) pthread_join(reader[i], 0);
  return seen[0] + seen[1] > 12;
}
