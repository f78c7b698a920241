// SPDX-License-Identifier: Apache-2.0
// An error-checking mutex says that the caller does not hold it, and nothing is waited for.
// verdict: clean 20/20
#include <errno.h>
#include <pthread.h>

pthread_mutex_t guard;
pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;

int main(void) {
  pthread_mutexattr_t checks;
  pthread_mutexattr_init(&checks);
  pthread_mutexattr_settype(&checks, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&guard, &checks);
  return pthread_cond_wait(&arrived, &guard) != EPERM;
}
