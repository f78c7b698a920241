// SPDX-License-Identifier: Apache-2.0
// A System V message queue hands over what is then still written.
// verdict: race 20/20
// race: box
#include <pthread.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>

struct message {
  long type;
  int* what;
};
static int queue;

static void* worker(void* argument) {
  struct message m;
  if (msgrcv(queue, &m, sizeof m.what, 0, 0) < 0) abort();
  *m.what += 1;  // <- 1
  return argument;
}

int main(void) {
  queue = msgget(IPC_PRIVATE, 0600);
  if (queue < 0) return 1;
  pthread_t a;
  pthread_create(&a, 0, worker, 0);
  static int box = 41;
  struct message m = {1, &box};
  if (msgsnd(queue, &m, sizeof m.what, 0) != 0) return 1;
  box = 7;  // <- 2
  pthread_join(a, 0);
  msgctl(queue, IPC_RMID, 0);
  return 0;
}
