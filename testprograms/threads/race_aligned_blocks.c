// SPDX-License-Identifier: Apache-2.0
// An aligned block is split among threads, in pieces that overlap by one number.
// verdict: race 20/20
// race: rows matrix
#include <pthread.h>
#include <stdlib.h>

enum { threads = 3, numbers = 16 };
static int* matrix;

static void* fill(void* argument) {
  int* row = argument;
  for (int i = 0; i <= numbers; ++i) row[i] = i;  // <- 1 2
  return 0;
}

int main(void) {
  pthread_t thread[threads];
  matrix = aligned_alloc(64, (threads + 1) * numbers * sizeof *matrix);
  if (matrix == 0) return 1;
  for (int i = 0; i < threads; ++i) pthread_create(&thread[i], 0, fill, matrix + i * numbers);
  for (int i = 0; i < threads; ++i) pthread_join(thread[i], 0);
  const int wrong = matrix[numbers - 1] != numbers - 1;
  free(matrix);
  return wrong;
}
