// SPDX-License-Identifier: Apache-2.0
// A handler counts, and so does another thread.
// verdict: race 20/20
// race: steps
#include <pthread.h>
#include <signal.h>

static volatile sig_atomic_t steps;

static void on_signal(int number) {
  (void)number;
  steps = steps + 1;  // <- 1
}

static void* count(void* unused) {
  steps = steps + 1;  // <- 2
  return unused;
}

int main(void) {
  pthread_t thread;
  signal(SIGUSR1, on_signal);
  pthread_create(&thread, 0, count, 0);
  for (int i = 0; i < 3; ++i) raise(SIGUSR1);
  pthread_join(thread, 0);
  return steps > 4;
}
