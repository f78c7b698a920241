// SPDX-License-Identifier: Apache-2.0
// Two wait, one signal comes, and the one who has it does not pass it on.
// verdict: leak 20/20
// shape: lost wake-up
#include <pthread.h>

#include "look.h"

struct box {
  pthread_mutex_t guard;
  pthread_cond_t arrived;
  int waiting, tickets;
};

void* take_ticket(void* of_box) {
  box* const b = static_cast<box*>(of_box);
  pthread_mutex_lock(&b->guard);
  ++b->waiting;
  while (b->tickets == 0) pthread_cond_wait(&b->arrived, &b->guard);
  pthread_mutex_unlock(&b->guard);
  return nullptr;
}
void* sell_two_tickets(void* of_box) {
  box* const b = static_cast<box*>(of_box);
  for (bool sold = false; !sold; sched_yield()) {
    pthread_mutex_lock(&b->guard);
    if ((sold = b->waiting == 2)) {
      b->tickets = 2;
      pthread_cond_signal(&b->arrived);  // broadcast, that should have been
    }
    pthread_mutex_unlock(&b->guard);
  }
  return nullptr;
}

[[gnu::noinline]] void start() {
  box* const b = new box{PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};
  for (void* (*role)(void*) : {take_ticket, take_ticket, sell_two_tickets}) {
    pthread_t thread;
    pthread_create(&thread, nullptr, role, b);
    pthread_detach(thread);
  }
}

int main() {
  start();
  await_finding();
}
