// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs a piece of a test in a child process and collects how it ended and what it wrote: the reporter has one
// state for a process, and most of what matters here is how a process ends.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>

namespace snag::test {

struct outcome {
  int status = 0;  // exit status; 128 + n: ended by signal n
  std::string out, err;
};

inline std::string contents_of(int fd) {
  std::string text;
  char buffer[4096];
  lseek(fd, 0, SEEK_SET);
  for (ssize_t n; (n = ::read(fd, buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(n));
  close(fd);
  return text;
}

inline outcome in_child(const std::function<void()>& body) {
  const int out = memfd_create("out", 0), err = memfd_create("err", 0);
  fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    body();
    std::exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  outcome result;
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = contents_of(out);
  result.err = contents_of(err);
  return result;
}

}  // namespace snag::test
