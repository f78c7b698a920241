// SPDX-License-Identifier: Apache-2.0
// Main leaves by pthread_exit, and another thread joins it, and reads what it left.
// verdict: clean 20/20
#include <pthread.h>
#include <stdlib.h>

int value;

static void* wait_for_main(void* main_thread) {
  void* result = NULL;
  if (pthread_join(*(pthread_t*)main_thread, &result) != 0) abort();
  exit(*(int*)result - 7 + value - 1);
}

int main(void) {
  static pthread_t self;
  static int left = 7;
  pthread_t other;
  self = pthread_self();
  pthread_create(&other, NULL, wait_for_main, &self);
  value = 1;
  pthread_exit(&left);
}
