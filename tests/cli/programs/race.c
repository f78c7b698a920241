/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdio.h>

static int tally;

static void* count(void* unused) {
  tally++;
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, count, NULL);
  tally++;
  pthread_join(thread, NULL);
  puts("done");
  return 0;
}
