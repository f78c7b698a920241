// SPDX-License-Identifier: Apache-2.0
// The threads of C11: mutex, condition variable, once, results and what hangs on a thread.
// verdict: clean 20/20
#include <stdlib.h>
#include <threads.h>

static mtx_t mutex;
static cnd_t changed;
static once_flag once = ONCE_FLAG_INIT;
static tss_t key;
static int table, started, total;

static void fill_table(void) {
  table = 1;
  tss_create(&key, free);
}

static int work(void* argument) {
  int* number = argument;
  call_once(&once, fill_table);
  tss_set(key, malloc(8));
  mtx_lock(&mutex);
  total += *number + table;
  started++;
  cnd_signal(&changed);
  mtx_unlock(&mutex);
  *number = 0;
  return table;
}

int main(void) {
  thrd_t thread[2];
  int number[2] = {1, 2}, sum = 0;
  mtx_init(&mutex, mtx_plain);
  cnd_init(&changed);
  for (int i = 0; i < 2; ++i) thrd_create(&thread[i], work, &number[i]);
  mtx_lock(&mutex);
  while (started < 2) cnd_wait(&changed, &mutex);
  int seen = total;
  mtx_unlock(&mutex);
  for (int i = 0; i < 2; ++i) {
    int result;
    thrd_join(thread[i], &result);
    sum += result + number[i];
  }
  return seen != 5 || sum != 2;
}
