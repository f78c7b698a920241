// SPDX-License-Identifier: Apache-2.0
// A fork handler looks at the balance without the lock that the other thread holds while it changes it.
// verdict: race 20/20
// race: balance
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>

std::mutex m;
int balance = 0;
std::atomic<bool> over = false;

void before_fork() {
  if (balance > 1) std::abort();  // <- 1
}
void after_fork() {}

int main() {
  pthread_atfork(before_fork, after_fork, after_fork);
  std::thread payer([] {
    do {
      std::lock_guard hold(m);
      balance++;                        // <- 2
      asm volatile("" : : : "memory");  // or the optimiser would leave both out
      balance--;                        // <- 2
    } while (!over.load(std::memory_order_relaxed));
  });
  const pid_t child = fork();
  if (child == 0) {
    _exit(0);
  }
  int status = 1;
  waitpid(child, &status, 0);
  over.store(true, std::memory_order_relaxed);
  payer.join();
  return status != 0;
}
