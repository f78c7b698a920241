// SPDX-License-Identifier: Apache-2.0
// Two threads sort a half each; the sum comes after both.
// verdict: clean 20/20
#include <pthread.h>
#include <stdlib.h>

static int data[50];

static int compare(const void* a, const void* b) { return *(const int*)a - *(const int*)b; }

static void* sort(void* half) {
  qsort(half, 25, sizeof data[0], compare);
  return half;
}

int main(void) {
  for (int i = 0; i < 50; ++i) data[i] = i * 37 % 50;
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], 0, sort, data + 25 * i);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  int sum = 0;
  for (int i = 0; i < 50; ++i) sum += data[i];
  return sum != 25 * 49;
}
