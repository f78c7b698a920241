// SPDX-License-Identifier: Apache-2.0
// A program that forks and goes on: its new thread counts, and main beside it.
// verdict: race 20/20
// race: total
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int total = 0;

void count() { total++; }  // <- 1 2

void count_twice() {
  std::thread t(count);
  count();
  t.join();
}

int main() {
  std::jthread before([](std::stop_token stop) {
    while (!stop.stop_requested()) std::this_thread::yield();
  });
  const pid_t child = fork();
  if (child == 0) {
    _exit(0);
  }
  count_twice();
  int status = 1;
  waitpid(child, &status, 0);
  return status != 0 || total > 2;
}
