// SPDX-License-Identifier: Apache-2.0
// A System V semaphore as a signal that comes before the value.
// verdict: race 20/20
// race: value
#include <pthread.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>

static int set, value, result;

static void add(int n) {
  struct sembuf operation = {0, (short)n, 0};
  if (semop(set, &operation, 1) != 0) abort();
}

static void* worker(void* argument) {
  add(-1);
  result = value;  // <- 1
  return argument;
}

int main(void) {
  set = semget(IPC_PRIVATE, 1, 0600);
  if (set < 0) return 1;
  pthread_t a;
  pthread_create(&a, 0, worker, 0);
  add(1);
  value = 40;  // <- 2
  pthread_join(a, 0);
  semctl(set, 0, IPC_RMID);
  return result == 1;
}
