// SPDX-License-Identifier: Apache-2.0
#include "cli/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "cli/failure.h"

namespace snag::cli {
namespace {

std::vector<char*> pointers(const command_line& command) {
  std::vector<char*> result;
  for (const std::string& word : command) result.push_back(const_cast<char*>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

failure cannot_start(const std::string& program, int error) {
  const char* hint = error == EACCES ? " (is its file system mounted noexec? set TMPDIR to another directory)"
                     : error == E2BIG ? " (the command line is too long: use a response file, @FILE)"
                                      : "";
  return internal_error(fmt::format("cannot run {}: {}{}", program, std::strerror(error), hint));
}

sigset_t termination_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (int s : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCHLD}) sigaddset(&set, s);
  return set;
}

// Forks and executes; `prepare` runs in the child. An exec that fails is told through a pipe that a
// successful one closes.
template <typename Prepare>
pid_t start(const command_line& command, const environment& variables, Prepare prepare) {
  const std::vector<char*> argv = pointers(command);
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) throw cannot_start(command[0], errno);
  const pid_t child = fork();
  if (child < 0) throw cannot_start(command[0], errno);
  if (child == 0) {
    prepare();
    for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
    execv(argv[0], argv.data());
    const int error = errno;
    [[maybe_unused]] const auto written = write(report[1], &error, sizeof error);
    _exit(127);
  }
  close(report[1]);
  int error = 0;
  const bool failed = read(report[0], &error, sizeof error) == sizeof error;
  close(report[0]);
  if (failed) {
    waitpid(child, nullptr, 0);
    throw cannot_start(command[0], error);
  }
  return child;
}

}  // namespace

ended from_wait_status(int status) {
  if (WIFSIGNALED(status)) return {128 + WTERMSIG(status), WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

void replace_process(const command_line& command) {
  const std::vector<char*> argv = pointers(command);
  execv(argv[0], argv.data());
  throw cannot_start(command[0], errno);
}

signal_guard::signal_guard() {
  const sigset_t held = termination_signals();
  sigprocmask(SIG_BLOCK, &held, &original_mask_);
}

signal_guard::~signal_guard() { sigprocmask(SIG_SETMASK, &original_mask_, nullptr); }

ended signal_guard::run(const command_line& command, const environment& variables) {
  const sigset_t awaited = termination_signals();

  // Somebody asked us to end between two children.
  const timespec at_once{};
  for (int s; (s = sigtimedwait(&awaited, nullptr, &at_once)) > 0;)
    if (s != SIGCHLD) return {128 + s, s};

  const pid_t child = start(command, variables, [this] {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // `kill -9 snag` means the program
    sigprocmask(SIG_SETMASK, &original_mask_, nullptr);
  });
  while (true) {
    siginfo_t info;
    const int s = sigwaitinfo(&awaited, &info);
    if (s < 0) continue;
    if (s == SIGCHLD) {
      int status = 0;
      if (waitpid(child, &status, WNOHANG) == child) return from_wait_status(status);
    } else if (info.si_code <= 0) {  // sent by a process, not by the terminal
      kill(child, s);
    }
  }
}

pid_t signal_guard::start_group(const command_line& command, const child_setup& setup) {
  // A directory that is not there would be told as if the program were not.
  if (!setup.directory.empty() && access(setup.directory.c_str(), X_OK) != 0)
    throw internal_error(
        fmt::format("cannot run {} in {}: {}", command[0], setup.directory, std::strerror(errno)));
  return start(command, setup.variables, [&] {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigprocmask(SIG_SETMASK, &original_mask_, nullptr);
    if (!setup.directory.empty() && chdir(setup.directory.c_str()) != 0) _exit(127);
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(null, 0);
    if (setup.output >= 0) dup2(setup.output, 1), dup2(setup.output, 2);
    for (const std::string& name : setup.unset) unsetenv(name.c_str());
  });
}

int signal_guard::signal_descriptor() const {
  const sigset_t awaited = termination_signals();
  const int fd = signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0) throw internal_error(fmt::format("signalfd: {}", std::strerror(errno)));
  return fd;
}

captured capture(const command_line& command, const environment& variables) {
  int output[2];
  if (pipe2(output, O_CLOEXEC) != 0) return {127, std::strerror(errno)};
  captured result;
  try {
    const pid_t child = start(command, variables, [&] {
      const int null = open("/dev/null", O_RDONLY);
      dup2(null, 0);
      dup2(output[1], 1);
      dup2(output[1], 2);
    });
    close(output[1]);
    char buffer[4096];
    for (ssize_t n; (n = read(output[0], buffer, sizeof buffer)) != 0;) {
      if (n > 0)
        result.output.append(buffer, static_cast<std::size_t>(n));
      else if (errno != EINTR)
        break;
    }
    close(output[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    result.status = from_wait_status(status).status;
  } catch (const failure& error) {
    close(output[0]);
    close(output[1]);
    result = {127, error.what()};
  }
  return result;
}

}  // namespace snag::cli
