// SPDX-License-Identifier: Apache-2.0
// A handler on the smallest alternative stack there may be counts for its thread alone.
// verdict: clean 20/20
#include <pthread.h>
#include <signal.h>

static int steps;
static char stack[2048];

static void on_signal(int number) {
  (void)number;
  ++steps;
}

static void* count(void* unused) {
  stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack}, none = {.ss_flags = SS_DISABLE}, now;
  if (sigaltstack(&alternative, 0) != 0) return "";
  for (int i = 0; i < 3; ++i) raise(SIGUSR1);
  if (sigaltstack(&none, &now) != 0 || now.ss_sp != stack || now.ss_size != sizeof stack) return "";
  return unused;
}

int main(void) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR1, &action, 0);
  pthread_t thread;
  void* wrong;
  pthread_create(&thread, 0, count, 0);
  pthread_join(thread, &wrong);
  return wrong != 0 || steps != 3;
}
