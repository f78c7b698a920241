// SPDX-License-Identifier: Apache-2.0
// A list grows by realloc while another thread reads from it.
// verdict: race 20/20
// race: items list
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct {
  int* items;
  int count;
} list;

static void* grow(void* unused) {
  for (int i = 0; i < 20; ++i) {
    pthread_mutex_lock(&mutex);
    list.items = realloc(list.items, (unsigned)(i + 1) * sizeof *list.items);  // <- 1
    list.items[i] = i;                                                         // <- 1
    list.count++;
    pthread_mutex_unlock(&mutex);
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, grow, 0);
  int empty = list.items == 0;  // <- 2
  pthread_join(thread, 0);
  char text[4];  // or the optimiser, who knows both values, would not read it
  snprintf(text, sizeof text, "%d", empty);
  const int wrong = list.count != 20 || list.items[19] != 19 || text[0] > '1';
  free(list.items);
  return wrong;
}
