// SPDX-License-Identifier: Apache-2.0
// Main waits for a semaphore that the handler of a timer's signal posts: nobody else runs, and it is no
// deadlock.
// verdict: clean 20/20
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

static sem_t rings;
static int heard;

static void on_alarm(int number) {
  (void)number;
  heard++;
  sem_post(&rings);  // POSIX.1-2017, 2.4.3: async-signal-safe
}

int main(void) {
  const struct itimerval soon = {.it_value = {.tv_usec = 20000}};
  sem_init(&rings, 0, 0);
  signal(SIGALRM, on_alarm);
  for (int i = 0; i < 2; ++i) {
    setitimer(ITIMER_REAL, &soon, NULL);
    while (sem_wait(&rings) != 0) {
    }
  }
  printf("heard %d\n", heard);
  return heard != 2;
}
