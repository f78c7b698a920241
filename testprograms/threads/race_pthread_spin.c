// SPDX-License-Identifier: Apache-2.0
// pthread_spin_trylock says EBUSY, and the packet is counted without the lock.
// verdict: race 20/20
// race: packets
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

static pthread_spinlock_t lock;
static sem_t locked, tried;
static int packets;

static void* owner(void* unused) {
  pthread_spin_lock(&lock);
  sem_post(&locked);
  packets++;  // <- 1
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
  packets++;  // <- 2
  sem_post(&tried);
  pthread_join(thread, 0);
  return error != EBUSY || packets > 2;
}
