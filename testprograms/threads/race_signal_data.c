// SPDX-License-Identifier: Apache-2.0
// What is written after a signal was sent is read by the handler on another thread.
// verdict: race 20/20
// race: message
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

static int message;
static int seen;
static atomic_int handled;

static void on_signal(int number) {
  (void)number;
  seen = message;  // <- 1
  atomic_store_explicit(&handled, 1, memory_order_relaxed);
}

static void* wait_for_signal(void* unused) {
  while (!atomic_load_explicit(&handled, memory_order_relaxed)) sched_yield();
  return unused;
}

int main(void) {
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGUSR1, &action, 0);
  pthread_t thread;
  pthread_create(&thread, 0, wait_for_signal, 0);
  pthread_kill(thread, SIGUSR1);
  message = 2;  // <- 2
  pthread_join(thread, 0);
  return seen > 2;
}
