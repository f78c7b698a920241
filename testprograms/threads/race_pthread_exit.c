// SPDX-License-Identifier: Apache-2.0
// main leaves by pthread_exit and a thread goes on: what main writes last is not ordered for it.
// verdict: race 20/20
// race: goodbye
#include <pthread.h>
#include <stdlib.h>

int goodbye;

static void* outlive(void* unused) {
  int seen = goodbye;  // <- 1
  if (seen > 1) abort();
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, outlive, 0);
  pthread_detach(thread);
  goodbye = 1;  // <- 2
  pthread_exit(0);
}
