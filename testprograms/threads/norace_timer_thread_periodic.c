// SPDX-License-Identifier: Apache-2.0
// A timer that calls a function on a thread of its own, again and again.
// verdict: clean 20/20
#include <semaphore.h>
#include <signal.h>
#include <time.h>

static int value;
static sem_t done;

static void expired(union sigval argument) {
  value += argument.sival_int;
  sem_post(&done);
}

int main(void) {
  sem_init(&done, 0, 0);
  struct sigevent event = {
      .sigev_notify = SIGEV_THREAD, .sigev_notify_function = expired, .sigev_value = {.sival_int = 2}};
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return 1;
  for (int i = 0; i < 5; ++i) {
    value += 1;
    struct itimerspec soon = {{0, 0}, {0, 1000000}};
    if (timer_settime(timer, 0, &soon, 0) != 0) return 1;
    while (sem_wait(&done) != 0) {
    }
  }
  timer_delete(timer);
  return value != 15;
}
