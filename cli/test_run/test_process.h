// SPDX-License-Identifier: Apache-2.0
#pragma once
// A test program at work: its process group, its output, its time. It is told when something can be read,
// when its process has ended and when a deadline is over, and never waits.
//
// Too long a time: SIGQUIT to the group, which makes Snag's runtime print every goroutine, then, after a
// patience, SIGKILL. Whatever is left of the group when the leader has ended is killed, too.
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string_view>

#include "cli/process.h"
#include "cli/test_run/captured_output.h"

namespace snag::cli {

using steady = std::chrono::steady_clock;

class test_process {
 public:
  // Throws failure if it cannot be started.
  test_process(signal_guard&, const command_line&, child_setup,
               std::optional<std::chrono::milliseconds> timeout);
  ~test_process();  // kills what is left
  test_process(const test_process&) = delete;
  test_process& operator=(const test_process&) = delete;

  pid_t pid() const { return pid_; }
  int descriptor() const { return output_; }  // -1: its end was read
  captured_output& output() { return kept_; }
  const captured_output& output() const { return kept_; }

  // Some of what there is to read: valid until the next call, in output() after a call of keep().
  std::string_view read_some();
  void keep(std::string_view bytes) { kept_.append(bytes); }

  void restart_clock();         // another test has begun
  void ask_to_end(int signal);  // an interruption: the signal, then SIGKILL
  void leader_ended(int wait_status);
  void look_at_clock();  // at deadline(), or later
  steady::time_point deadline() const { return deadline_; }

  bool leader_has_ended() const { return end_.has_value(); }
  bool done() const { return done_; }  // nothing more will come of it
  const ended& end() const { return *end_; }
  bool timed_out() const { return timed_out_; }
  bool was_asked_to_end() const { return asked_; }
  bool left_processes() const { return left_processes_; }

 private:
  void kill_group(int signal) const;
  void settle();

  pid_t pid_ = -1;
  int output_ = -1;
  std::optional<std::chrono::milliseconds> timeout_;
  steady::time_point deadline_, end_of_patience_;
  std::optional<ended> end_;
  bool timed_out_ = false, asked_ = false, killed_ = false, left_processes_ = false, done_ = false;
  captured_output kept_;
  char buffer_[64 << 10];
};

}  // namespace snag::cli
