// SPDX-License-Identifier: Apache-2.0
// A shared mapping of the program's own threads: memory like any other.
// verdict: race 20/20
// race: value
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

struct shared_counter {
  pthread_mutex_t mutex;
  int value;
};

void count(shared_counter* c) {
  for (int i = 0; i < 10; ++i) {
    c->value++;  // <- 1 2
  }
}

int main() {
  void* place =
      mmap(nullptr, sizeof(shared_counter), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) std::abort();
  auto* c = static_cast<shared_counter*>(place);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&c->mutex, &attributes);
  std::thread a(count, c), b(count, c);
  a.join();
  b.join();
  return c->value > 20;
}
