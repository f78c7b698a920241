// SPDX-License-Identifier: Apache-2.0
// main leaves by pthread_exit and a thread goes on: it knows what main wrote before it was created.
// verdict: clean 20/20
#include <pthread.h>
#include <stdlib.h>

static int goodbye;

static void* outlive(void* unused) {
  int seen = goodbye;
  if (seen != 1) abort();
  return unused;
}

int main(void) {
  pthread_t thread;
  goodbye = 1;
  pthread_create(&thread, 0, outlive, 0);
  pthread_detach(thread);
  pthread_exit(0);
}
