// SPDX-License-Identifier: Apache-2.0
// A handler on the smallest alternative stack there may be counts, and so does another thread.
// verdict: race 20/20
// race: steps
#include <pthread.h>
#include <signal.h>

static volatile sig_atomic_t steps;
static char stack[2048];

static void on_signal(int number) {
  (void)number;
  steps = steps + 1;  // <- 1
}

static void* count(void* unused) {
  steps = steps + 1;  // <- 2
  return unused;
}

int main(void) {
  stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack}, now;
  if (sigaltstack(&alternative, 0) != 0 || sigaltstack(0, &now) != 0) return 1;
  if (now.ss_sp != stack || now.ss_size != sizeof stack) return 1;
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR1, &action, 0);
  pthread_t thread;
  pthread_create(&thread, 0, count, 0);
  for (int i = 0; i < 3; ++i) raise(SIGUSR1);
  pthread_join(thread, 0);
  return steps > 4;
}
