// SPDX-License-Identifier: Apache-2.0
// A timer that calls a function on a thread of its own: what was done before it was armed is known there.
// verdict: clean 20/20
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <time.h>

static int value, seen;
static sem_t done;

static void expired(union sigval argument) {
  seen = value + *(int*)argument.sival_ptr;
  sem_post(&done);
}

int main(void) {
  sem_init(&done, 0, 0);
  int more = 2;
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = expired;
  event.sigev_value.sival_ptr = &more;
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return 1;
  value = 40;
  struct itimerspec soon = {{0, 0}, {0, 1000000}};
  if (timer_settime(timer, 0, &soon, 0) != 0) return 1;
  sem_wait(&done);
  timer_delete(timer);
  return seen != 42;
}
