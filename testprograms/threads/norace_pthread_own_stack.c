// SPDX-License-Identifier: Apache-2.0
// Two threads run on memory of the program's own, one after the other; in between it is ordinary memory.
// verdict: clean 20/20
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

enum { size = 1 << 18 };
static sem_t shown_now, written;
static int* shown;

static void* work(void* unused) {
  int numbers[16];
  for (int i = 0; i < 16; ++i) numbers[i] = i;
  shown = numbers;
  sem_post(&shown_now);
  sem_wait(&written);
  return numbers[3] == 7 ? &shown : unused;
}

int main(void) {
  void* stack;
  if (posix_memalign(&stack, 4096, size) != 0) return 1;
  sem_init(&shown_now, 0, 0);
  sem_init(&written, 0, 0);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, stack, size);
  for (int i = 0; i < 2; ++i) {
    pthread_t thread;
    memset(stack, i, size);
    if (pthread_create(&thread, &attributes, work, 0) != 0) return 1;
    sem_wait(&shown_now);
    shown[3]++;
    sem_post(&written);
    pthread_join(thread, 0);
  }
  pthread_attr_destroy(&attributes);
  free(stack);
  return 0;
}
