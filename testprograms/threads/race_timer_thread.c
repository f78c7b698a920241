// SPDX-License-Identifier: Apache-2.0
// A timer that calls a function on a thread of its own, which nobody waits for.
// verdict: race 20/20
// race: value
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

static int value;
static atomic_int done;

static void expired(union sigval argument) {
  value += argument.sival_int;  // <- 1
  atomic_store_explicit(&done, 1, memory_order_relaxed);
}

int main(void) {
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = expired;
  event.sigev_value.sival_int = 2;
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return 1;
  struct itimerspec soon = {{0, 0}, {0, 1000000}};
  if (timer_settime(timer, 0, &soon, 0) != 0) return 1;
  while (atomic_load_explicit(&done, memory_order_relaxed) == 0) {
    struct timespec nap = {0, 100000};
    nanosleep(&nap, 0);
  }
  value += 40;  // <- 2
  timer_delete(timer);
  return 0;
}
