// SPDX-License-Identifier: Apache-2.0
// A child process counts in its own copy of the variable: there is nothing to share.
// verdict: clean 20/20
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

int counter = 0;

void count() {
  for (int i = 0; i < 10; ++i) counter++;
}

int main() {
  const pid_t child = fork();
  if (child == 0) {
    count();
    _exit(counter == 10 ? 0 : 1);
  }
  count();
  int status = 1;
  waitpid(child, &status, 0);
  return status != 0 || counter != 10;
}
