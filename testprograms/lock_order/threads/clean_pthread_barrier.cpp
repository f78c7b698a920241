// SPDX-License-Identifier: Apache-2.0
// As clean_barrier_phases, in POSIX.
// verdict: clean 20/20
#include <pthread.h>

#include "../beside.h"

mutex a, b;

int main() {
  pthread_barrier_t phase;
  pthread_barrier_init(&phase, nullptr, 2);
  beside all;
  all.go([&] {
    {
      const guard first(a);
      const guard second(b);
    }
    pthread_barrier_wait(&phase);
  });
  all.go([&] {
    pthread_barrier_wait(&phase);
    const guard first(b);
    const guard second(a);
  });
  all.wait();
  pthread_barrier_destroy(&phase);
}
