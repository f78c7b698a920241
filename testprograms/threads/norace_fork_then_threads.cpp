// SPDX-License-Identifier: Apache-2.0
// A program that forks while it has threads: parent and child each start another one, and join it.
// verdict: clean 20/20
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int total = 0;

void count() { total++; }

void count_twice() {
  std::thread t(count);
  t.join();
  count();
}

int main() {
  std::jthread before([](std::stop_token stop) {
    while (!stop.stop_requested()) std::this_thread::yield();
  });
  const pid_t child = fork();
  if (child == 0) {
    count_twice();
    _exit(total == 2 ? 0 : 1);
  }
  count_twice();
  int status = 1;
  waitpid(child, &status, 0);
  return status != 0 || total != 2;
}
