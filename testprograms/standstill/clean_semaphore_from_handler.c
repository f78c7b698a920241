// SPDX-License-Identifier: Apache-2.0
// A semaphore is posted by the handler of a signal that a timer sends.
// verdict: clean 20/20
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "look.h"

static sem_t* ring;
static void on_timer(int number) {
  (void)number;
  sem_post(ring);
}

static void* wait_for_bell(void* unused) {
  while (sem_wait(ring) != 0 && errno == EINTR) {
  }
  return unused;
}

int main(void) {
  ring = malloc(sizeof *ring);
  sem_init(ring, 0, 0);
  struct sigaction action = {.sa_handler = on_timer};
  sigaction(SIGALRM, &action, NULL);
  pthread_t thread;
  pthread_create(&thread, NULL, wait_for_bell, NULL);
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  const struct itimerspec soon = {.it_value = {.tv_nsec = 20000000}};
  timer_settime(timer, 0, &soon, NULL);
  pthread_join(thread, NULL);
  timer_delete(timer);
  sem_destroy(ring);
  free(ring);
  return 0;
}
