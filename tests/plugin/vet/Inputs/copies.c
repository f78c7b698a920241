// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <string.h>

struct account {
  pthread_mutex_t lock;
  int balance;
};

void initialised(struct account* a) {
  struct account mine = *a;  // expected-warning {{this copies a pthread_mutex_t}}
  pthread_mutex_lock(&mine.lock);
}
void assigned(struct account* a, struct account* b) {
  *a = *b;  // expected-warning {{this copies a pthread_mutex_t}}
}
void taken(pthread_mutex_t* m) {
  pthread_mutex_t mine = *m;  // expected-warning {{this copies a pthread_mutex_t}}
  pthread_mutex_lock(&mine);
}
void bytes(struct account* a, struct account* b) {
  memcpy(a, b, sizeof *a);  // expected-warning {{memcpy copies a pthread_mutex_t}}
}

void fresh(struct account* a) { *a = (struct account){.lock = PTHREAD_MUTEX_INITIALIZER}; }
void initialiser(void) {
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&m);
}
void balance(struct account* a, struct account* b) { a->balance = b->balance; }
void pointed_to(struct account* a) {
  pthread_mutex_t* m = &a->lock;
  pthread_mutex_lock(m);
  pthread_mutex_unlock(m);
}
