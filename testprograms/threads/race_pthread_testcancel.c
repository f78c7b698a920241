// SPDX-License-Identifier: Apache-2.0
// Clean-up handlers of two cancelled threads count without a lock.
// verdict: race 20/20
// race: handled
#include <pthread.h>
#include <sched.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int handled;

static void clean_up(void* amount) {
  handled += *(int*)amount;  // <- 1 2
}

static void* work(void* amount) {
  int old;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
  pthread_cleanup_push(clean_up, amount);
  pthread_setcancelstate(old, &old);
  for (;;) {
    pthread_testcancel();
    sched_yield();
  }
  pthread_cleanup_pop(0);
  return 0;
}

int main(void) {
  pthread_t a, b;
  void *from_a, *from_b;
  int amount[2] = {1, 2};
  pthread_create(&a, 0, work, &amount[0]);
  pthread_create(&b, 0, work, &amount[1]);
  pthread_cancel(a);
  pthread_cancel(b);
  pthread_join(a, &from_a);
  pthread_join(b, &from_b);
  if (from_a != PTHREAD_CANCELED || from_b != PTHREAD_CANCELED) return 1;
  return handled > 3;
}
