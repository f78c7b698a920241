// SPDX-License-Identifier: Apache-2.0
// A fork handler holds the lock over the fork, so that the child finds it free and the balance whole.
// verdict: clean 20/20
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
  m.lock();
  if (balance > 1) std::abort();
}
void after_fork() { m.unlock(); }

int main() {
  pthread_atfork(before_fork, after_fork, after_fork);
  std::thread payer([] {
    do {
      std::lock_guard hold(m);
      balance++;
      balance--;
    } while (!over.load(std::memory_order_relaxed));
  });
  const pid_t child = fork();
  if (child == 0) {
    std::lock_guard hold(m);
    _exit(balance);
  }
  int status = 1;
  waitpid(child, &status, 0);
  over.store(true, std::memory_order_relaxed);
  payer.join();
  return status != 0;
}
