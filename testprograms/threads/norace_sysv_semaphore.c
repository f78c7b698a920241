// SPDX-License-Identifier: Apache-2.0
// A System V semaphore as a signal, and as a barrier that waits for zero.
// verdict: clean 20/20
#include <pthread.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>

static int set, value, results[2];

static void add(int number, int n) {
  struct sembuf operation = {(unsigned short)number, (short)n, 0};
  if (semop(set, &operation, 1) != 0) abort();
}

static void* worker(void* argument) {
  const int me = argument != 0;
  add(0, -1);  // a value is there
  results[me] = value + me;
  add(1, -1);  // one less to wait for
  return 0;
}

int main(void) {
  set = semget(IPC_PRIVATE, 2, 0600);
  if (set < 0) return 1;
  if (semctl(set, 1, SETVAL, 2) != 0) return 1;
  pthread_t a, b;
  pthread_create(&a, 0, worker, 0);
  pthread_create(&b, 0, worker, &set);
  value = 40;
  add(0, 2);
  add(1, 0);  // until both are done
  const int sum = results[0] + results[1];
  pthread_join(a, 0);
  pthread_join(b, 0);
  semctl(set, 0, IPC_RMID);
  return sum != 81;
}
