// SPDX-License-Identifier: Apache-2.0
#include "cli/parallel.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <list>
#include <utility>

#include "cli/failure.h"

extern char** environ;

namespace snag::cli {
namespace {

using clock = std::chrono::steady_clock;

class descriptor {
 public:
  explicit descriptor(int number = -1) : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    close();
    number_ = std::exchange(other.number_, -1);
    return *this;
  }
  ~descriptor() { close(); }
  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

struct child {
  std::size_t index;
  pid_t pid;
  descriptor out, err;
  std::string output = {}, error = {};
  clock::time_point started = clock::now();
  bool too_long = false;
};

// Held back while alive, and read from a descriptor instead.
class signals_as_input {
 public:
  signals_as_input() {
    sigset_t set;
    sigemptyset(&set);
    for (int s : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&set, s);
    sigprocmask(SIG_BLOCK, &set, &before_);
    input_ = descriptor(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  ~signals_as_input() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  int number() const { return input_.number(); }
  const sigset_t& before() const { return before_; }
  int read() const {
    signalfd_siginfo what;
    return ::read(input_.number(), &what, sizeof what) == sizeof what ? static_cast<int>(what.ssi_signo) : 0;
  }

 private:
  sigset_t before_;
  descriptor input_;
};

child start(std::size_t index, const command_line& command, const sigset_t& mask) {
  int out[2], err[2];
  if (pipe2(out, O_CLOEXEC) != 0)
    throw internal_error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  child c{index, 0, descriptor(out[0]), descriptor()};
  const descriptor out_end(out[1]);
  if (pipe2(err, O_CLOEXEC) != 0)
    throw internal_error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  c.err = descriptor(err[0]);
  const descriptor err_end(err[1]);

  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &mask);
  const int error = posix_spawn(&c.pid, words[0], &actions, &attributes, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) throw internal_error(fmt::format("cannot run {}: {}", command[0], std::strerror(error)));
  return c;
}

void read_some(descriptor& from, std::string& to) {
  char buffer[1 << 16];
  const ssize_t n = ::read(from.number(), buffer, sizeof buffer);
  if (n > 0)
    to.append(buffer, static_cast<std::size_t>(n));
  else if (n == 0 || errno != EINTR)
    from.close();
}

finished finish(child& c) {
  int status = 0;
  while (waitpid(c.pid, &status, 0) < 0 && errno == EINTR) {
  }
  ended end{WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
            WIFSIGNALED(status) ? WTERMSIG(status) : 0};
  return {c.index, end, std::move(c.output), std::move(c.error), c.too_long};
}

// For poll: until the first of them has run for so long; -1 for ever.
int until_first_is_late(const std::list<child>& running, std::optional<std::chrono::milliseconds> limit) {
  if (!limit) return -1;
  auto left = std::chrono::milliseconds(INT_MAX);
  for (const child& c : running)
    if (!c.too_long)
      left = std::min(left, std::chrono::ceil<std::chrono::milliseconds>(c.started + *limit - clock::now()));
  return static_cast<int>(std::max(left, std::chrono::milliseconds(0)).count());
}

void kill_the_late(std::list<child>& running, std::optional<std::chrono::milliseconds> limit) {
  if (!limit) return;
  for (child& c : running) {
    if (c.too_long || clock::now() - c.started < *limit) continue;
    c.too_long = true;
    kill(c.pid, SIGKILL);
  }
}

}  // namespace

int run_in_parallel(const std::vector<command_line>& commands, std::size_t jobs,
                    std::optional<std::chrono::milliseconds> limit,
                    const std::function<void(finished)>& done) {
  const signals_as_input signals;
  std::list<child> running;
  std::size_t next = 0;
  int stopped_by = 0;
  const auto kill_all = [&](int signal) {
    for (const child& c : running) kill(c.pid, signal);
  };
  try {
    while (!running.empty() || (next < commands.size() && stopped_by == 0)) {
      while (stopped_by == 0 && running.size() < jobs && next < commands.size()) {
        running.push_back(start(next, commands[next], signals.before()));
        ++next;
      }
      std::vector<pollfd> inputs{{signals.number(), POLLIN, 0}};
      for (const child& c : running)
        for (const descriptor* d : {&c.out, &c.err})
          if (d->number() >= 0) inputs.push_back({d->number(), POLLIN, 0});
      if (poll(inputs.data(), inputs.size(), until_first_is_late(running, limit)) < 0 && errno != EINTR)
        throw internal_error(fmt::format("poll: {}", std::strerror(errno)));
      if (const int signal = signals.read(); signal != 0) {
        stopped_by = signal;
        kill_all(signal);
      }
      kill_the_late(running, limit);
      std::size_t i = 1;
      for (child& c : running)
        for (descriptor* d : {&c.out, &c.err})
          if (d->number() >= 0 && inputs[i++].revents != 0) read_some(*d, d == &c.out ? c.output : c.error);
      for (auto c = running.begin(); c != running.end();) {
        if (c->out.number() >= 0 || c->err.number() >= 0) {
          ++c;
          continue;
        }
        finished f = finish(*c);
        c = running.erase(c);
        done(std::move(f));
      }
    }
  } catch (...) {
    kill_all(SIGTERM);
    for (child& c : running) finish(c);
    throw;
  }
  return stopped_by;
}

}  // namespace snag::cli
