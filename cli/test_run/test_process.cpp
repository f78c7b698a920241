// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/test_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/failure.h"

namespace snag::cli {
namespace {

using namespace std::chrono_literals;

// A dump of many goroutines, or a report of many findings, takes its time.
constexpr auto patience_after_signal = 10s;
// A process that a test started may be about to end as well.
constexpr auto patience_with_orphans = 1s;
constexpr auto look_at_orphans_every = 10ms;

}  // namespace

test_process::test_process(signal_guard& guard, const command_line& command, child_setup setup,
                           std::optional<std::chrono::milliseconds> timeout)
    : timeout_(timeout) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw internal_error(std::string("cannot make a pipe: ") + std::strerror(errno));
  setup.output = ends[1];
  try {
    pid_ = guard.start_group(command, setup);
  } catch (...) {
    close(ends[0]), close(ends[1]);
    throw;
  }
  close(ends[1]);
  output_ = ends[0];
  fcntl(output_, F_SETFL, O_NONBLOCK);
  restart_clock();
}

test_process::~test_process() {
  if (!done_) {
    kill_group(SIGKILL);
    if (!end_) waitpid(pid_, nullptr, 0);
  }
  if (output_ >= 0) close(output_);
}

std::string_view test_process::read_some() {
  if (output_ < 0) return {};
  const ssize_t n = read(output_, buffer_, sizeof buffer_);
  if (n > 0) return {buffer_, static_cast<std::size_t>(n)};
  if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
    close(output_);
    output_ = -1;
    settle();
  }
  return {};
}

void test_process::restart_clock() {
  if (timed_out_ || asked_ || end_) return;
  deadline_ = timeout_ ? steady::now() + *timeout_ : steady::time_point::max();
}

void test_process::ask_to_end(int signal) {
  if (end_) return;
  if (asked_) {  // asked again: no patience
    killed_ = true;
    return kill_group(SIGKILL);
  }
  asked_ = true;
  kill_group(signal);
  deadline_ = steady::now() + patience_after_signal;
}

void test_process::leader_ended(int wait_status) {
  end_ = from_wait_status(wait_status);
  end_of_patience_ = steady::now() + patience_with_orphans;
  settle();
}

void test_process::look_at_clock() {
  if (steady::now() < deadline_) return;
  if (end_) return settle();
  if (timed_out_ || asked_) {
    killed_ = true;
    kill_group(SIGKILL);
    deadline_ = steady::time_point::max();
    return;
  }
  timed_out_ = true;
  kill_group(SIGQUIT);
  deadline_ = steady::now() + patience_after_signal;
}

// The leader has ended: nothing but its output and its orphans is left.
void test_process::settle() {
  if (!end_ || done_) return;
  const bool orphans = kill(-pid_, 0) == 0;
  if (!orphans) {
    // Its end was read, or somebody outside of the group holds it open, who may do so for ever.
    if (output_ < 0 || steady::now() >= end_of_patience_) done_ = true;
    deadline_ = steady::now() + look_at_orphans_every;
    return;
  }
  if (steady::now() < end_of_patience_ && !killed_) {
    deadline_ = steady::now() + look_at_orphans_every;
    return;
  }
  if (!killed_) left_processes_ = true;
  kill_group(SIGKILL);
  done_ = true;
}

void test_process::kill_group(int signal) const {
  // Before its own setpgid the child is still in our group.
  if (kill(-pid_, signal) != 0 && !end_) kill(pid_, signal);
}

}  // namespace snag::cli
