// SPDX-License-Identifier: Apache-2.0
// A thread for signals: nobody else takes them, and it works with locks like any other thread.
// verdict: clean 20/20
#include <pthread.h>
#include <signal.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int reloads;

static void* take_signals(void* set) {
  for (;;) {
    int number;
    if (sigwait(set, &number) != 0 || number == SIGTERM) return 0;
    pthread_mutex_lock(&mutex);
    reloads++;
    pthread_mutex_unlock(&mutex);
  }
}

int main(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, 0);
  pthread_t thread;
  pthread_create(&thread, 0, take_signals, &set);
  pthread_kill(thread, SIGHUP);
  pthread_mutex_lock(&mutex);
  int seen = reloads;
  pthread_mutex_unlock(&mutex);
  pthread_kill(thread, SIGTERM);
  pthread_join(thread, 0);
  return seen > 1;
}
