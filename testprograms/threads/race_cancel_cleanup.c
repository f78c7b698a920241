// SPDX-License-Identifier: Apache-2.0
// What is written after a thread was cancelled is read by its cleanup handler.
// verdict: race 20/20
// race: reason
#include <pthread.h>
#include <semaphore.h>

static int reason, told;
static sem_t begun;

static void clean_up(void* unused) {
  (void)unused;
  told += reason;  // <- 1
}

static void* test(void* unused) {
  pthread_cleanup_push(clean_up, 0);
  sem_post(&begun);
  for (;;) pthread_testcancel();
  pthread_cleanup_pop(0);
  return unused;
}

int main(void) {
  pthread_t thread;
  sem_init(&begun, 0, 0);
  pthread_create(&thread, 0, test, 0);
  sem_wait(&begun);
  pthread_cancel(thread);
  reason = 1;  // <- 2
  pthread_join(thread, 0);
  return told > 1;
}
