// SPDX-License-Identifier: Apache-2.0
// qsort moves the elements while another thread adds them up.
// verdict: race 20/20
// race: data
#include <pthread.h>
#include <stdlib.h>

static int data[50];

static int compare(const void* a, const void* b) { return *(const int*)a - *(const int*)b; }

static void* sort(void* unused) {
  qsort(data, 50, sizeof data[0], compare);  // <- 1
  return unused;
}

int main(void) {
  for (int i = 0; i < 50; ++i) data[i] = i * 37 % 50;
  pthread_t thread;
  pthread_create(&thread, 0, sort, 0);
  int sum = 0;
  for (int i = 0; i < 50; ++i) sum += data[i];  // <- 2
  pthread_join(thread, 0);
  return sum < 0;
}
