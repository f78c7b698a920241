// SPDX-License-Identifier: Apache-2.0
// mtx_trylock says thrd_busy, mtx_timedlock thrd_timedout; with a later deadline it gets the lock.
// verdict: clean 20/20
#include <threads.h>
#include <time.h>

static mtx_t mutex, gate;
static cnd_t changed;
static int locked, tried, tokens = 5;

static void say(int* what) {
  mtx_lock(&gate);
  *what = 1;
  cnd_broadcast(&changed);
  mtx_unlock(&gate);
}
static void hear(const int* what) {
  mtx_lock(&gate);
  while (!*what) cnd_wait(&changed, &gate);
  mtx_unlock(&gate);
}

static int owner(void* unused) {
  (void)unused;
  mtx_lock(&mutex);
  say(&locked);
  tokens--;
  hear(&tried);
  return mtx_unlock(&mutex);
}

int main(void) {
  thrd_t thread;
  mtx_init(&mutex, mtx_timed);
  mtx_init(&gate, mtx_plain);
  cnd_init(&changed);
  thrd_create(&thread, owner, 0);
  hear(&locked);
  struct timespec deadline;
  timespec_get(&deadline, TIME_UTC);
  if (mtx_trylock(&mutex) != thrd_busy || mtx_timedlock(&mutex, &deadline) != thrd_timedout) return 1;
  say(&tried);
  deadline.tv_sec += 30;
  if (mtx_timedlock(&mutex, &deadline) != thrd_success) return 1;
  tokens--;
  mtx_unlock(&mutex);
  thrd_join(thread, 0);
  return tokens != 3;
}
