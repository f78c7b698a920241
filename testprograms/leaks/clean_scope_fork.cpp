// SPDX-License-Identifier: Apache-2.0
// A child that is forked while a scope is open has none of its goroutines, and nothing to say of them.
// verdict: clean 20/20
// stdout: child 0, parent 0
#include <sys/wait.h>
#include <unistd.h>

#include <snag/snag.h>

int main() {
  snag::leak_check check;
  snag::chan<int> c;
  snag::chan<void> ended;
  snag::go([=] {
    c.recv();
    ended.close();
  });
  const pid_t child = fork();
  if (child == 0) _exit(static_cast<int>(check.finish().size()));
  int status = -1;
  waitpid(child, &status, 0);
  c << 1;
  ended.next();
  snag::println("child {}, parent {}", WEXITSTATUS(status), check.finish().size());
}
