// SPDX-License-Identifier: Apache-2.0
// Nobody posts the semaphore; the wait ends by an alarm, whose handler does nothing.
// verdict: clean 20/20
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

static void on_alarm(int number) { (void)number; }

static void* wait_a_while(void* unused) {
  sem_t never;
  sem_init(&never, 0, 0);
  const int ended = sem_wait(&never);
  sem_destroy(&never);
  return ended == -1 && errno == EINTR ? unused : &errno;
}

int main(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_alarm;
  sigaction(SIGALRM, &action, NULL);
  pthread_t thread;
  pthread_create(&thread, NULL, wait_a_while, NULL);
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  pthread_sigmask(SIG_BLOCK, &alarm, NULL);
  const struct itimerval often = {{0, 20000}, {0, 20000}};
  setitimer(ITIMER_REAL, &often, NULL);
  void* failed;
  pthread_join(thread, &failed);
  return failed != NULL;
}
