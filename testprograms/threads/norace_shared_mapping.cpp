// SPDX-License-Identifier: Apache-2.0
// A shared mapping with a process-shared mutex in it: threads and a child process count under it.
// verdict: clean 20/20
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
    pthread_mutex_lock(&c->mutex);
    c->value++;
    pthread_mutex_unlock(&c->mutex);
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
  const pid_t child = fork();
  if (child == 0) {
    count(c);
    _exit(0);
  }
  std::thread a(count, c), b(count, c);
  a.join();
  b.join();
  int status = 1;
  waitpid(child, &status, 0);
  return status != 0 || c->value != 30;
}
