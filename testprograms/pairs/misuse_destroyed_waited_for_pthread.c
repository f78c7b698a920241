// SPDX-License-Identifier: Apache-2.0
// A condition variable of POSIX is destroyed while a thread waits for it.
// verdict: misuse 20/20
// race: arrived
// hint: destroyed-waited-for
#include <pthread.h>
#include <time.h>

struct shared {
  pthread_mutex_t guard;
  pthread_cond_t arrived;
  int waits;
};

static void* wait_a_while(void* argument) {
  struct shared* s = argument;
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_nsec += 300000000;
  if (end.tv_nsec >= 1000000000) {
    ++end.tv_sec;
    end.tv_nsec -= 1000000000;
  }
  pthread_mutex_lock(&s->guard);
  s->waits = 1;
  pthread_cond_timedwait(&s->arrived, &s->guard, &end);  // <- 2
  pthread_mutex_unlock(&s->guard);
  return argument;
}

int main(void) {
  struct shared s = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
  pthread_t waiter;
  pthread_create(&waiter, 0, wait_a_while, &s);
  for (int waits = 0; !waits;) {
    pthread_mutex_lock(&s.guard);
    waits = s.waits;
    pthread_mutex_unlock(&s.guard);
  }
  pthread_cond_destroy(&s.arrived);  // <- 1
  pthread_join(waiter, 0);
  return 0;
}
