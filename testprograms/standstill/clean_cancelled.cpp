// SPDX-License-Identifier: Apache-2.0
// Three wait for ever: for a condition, for a semaphore, for the end of the first. main cancels the two.
// verdict: clean 20/20
#include <pthread.h>
#include <semaphore.h>

#include "look.h"

struct box {
  pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
  sem_t tickets;
  pthread_t first{};
  std::atomic<int> waits{0};
  box() { sem_init(&tickets, 0, 0); }
  ~box() { sem_destroy(&tickets); }
};

void unlock(void* mutex) { pthread_mutex_unlock(static_cast<pthread_mutex_t*>(mutex)); }
void* wait_for_arrival(void* of_box) {
  box* const b = static_cast<box*>(of_box);
  b->waits = gettid();
  pthread_mutex_lock(&b->guard);
  pthread_cleanup_push(unlock, &b->guard);
  while (true) pthread_cond_wait(&b->arrived, &b->guard);
  pthread_cleanup_pop(1);
}
void* wait_for_ticket(void* of_box) {
  box* const b = static_cast<box*>(of_box);
  b->waits = gettid();
  while (sem_wait(&b->tickets) != 0) {
  }
  return nullptr;
}
void* wait_for_first(void* of_box) {
  box* const b = static_cast<box*>(of_box);
  b->waits = gettid();
  pthread_join(b->first, nullptr);
  return nullptr;
}

int main() {
  box b;
  pthread_t threads[3];
  int i = 0;
  for (void* (*role)(void*) : {wait_for_arrival, wait_for_ticket, wait_for_first}) {
    b.waits = 0;
    pthread_create(&threads[i], nullptr, role, &b);
    if (i == 0) b.first = threads[0];
    while (b.waits == 0) sched_yield();
    await_asleep(b.waits);
    ++i;
  }
  look_often();
  pthread_cancel(threads[0]);
  pthread_cancel(threads[1]);
  pthread_join(threads[1], nullptr);
  pthread_join(threads[2], nullptr);
}
