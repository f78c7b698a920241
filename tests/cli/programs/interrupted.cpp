// SPDX-License-Identifier: Apache-2.0
// Waits for a signal. With "handle", counts SIGTERM and ends with 40 + their number.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

static volatile sig_atomic_t count = 0;

int main(int argc, char** argv) {
  sigset_t term, old;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  if (argc > 1 && std::strcmp(argv[1], "handle") == 0) {
    sigprocmask(SIG_BLOCK, &term, &old);
    signal(SIGTERM, [](int) { count = count + 1; });
  }
  std::puts("ready");
  std::fflush(stdout);
  if (argc == 1)
    while (true) pause();
  while (count == 0) sigsuspend(&old);
  return 40 + count;
}
