// SPDX-License-Identifier: Apache-2.0
// Three threads that each wait for the end of the next one.
// verdict: leak 20/20
// shape: join cycle
#include <pthread.h>

#include "look.h"

pthread_t threads[3];
meeting all(4);

void* join_next(void* self) {
  all.arrive();
  pthread_join(threads[(static_cast<pthread_t*>(self) - threads + 1) % 3], nullptr);
  return nullptr;
}

int main() {
  for (pthread_t& t : threads) pthread_create(&t, nullptr, join_next, &t);
  all.arrive();
  await_finding();
}
