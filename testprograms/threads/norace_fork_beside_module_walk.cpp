// SPDX-License-Identifier: Apache-2.0
// One thread forks while another walks the loaded modules, which libc does with a lock that the child would
// find taken.
// verdict: clean 20/20
#include <link.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

std::atomic<bool> walking = false, forking = false;
int modules = 0;

int count(dl_phdr_info*, size_t, void*) {
  if (modules++ == 0) {
    walking = true;
    while (!forking) std::this_thread::yield();
  }
  return 0;
}

int main() {
  pthread_atfork([] { forking = true; }, nullptr, nullptr);
  std::thread walker([] { dl_iterate_phdr(count, nullptr); });
  while (!walking) std::this_thread::yield();
  const pid_t child = fork();
  if (child == 0) _exit(0);
  int status = 1;
  waitpid(child, &status, 0);
  walker.join();
  return status != 0 || modules == 0;
}
