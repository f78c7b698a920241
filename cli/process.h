// SPDX-License-Identifier: Apache-2.0
#pragma once
// Other programs: become one, run one to its end, or read what one says. Single-threaded callers only:
// waiting blocks signals of the whole process.
#include <signal.h>

#include <map>
#include <string>
#include <vector>

namespace snag::cli {

using command_line = std::vector<std::string>;           // [0] is the path of the executable
using environment = std::map<std::string, std::string>;  // variables to set on top of our own

// Becomes the command: same process, so signals, status and terminal are the command's. Throws failure if it
// cannot start.
[[noreturn]] void replace_process(const command_line&);

struct ended {
  int status = 0;  // exit status; 128 + n if signal n ended it, as shells say
  int signal = 0;  // n, or 0
};

// How a child in the background starts. It leads a process group of its own and reads nothing.
struct child_setup {
  std::string directory;                // its working directory; empty: ours
  environment variables;                // set on top of our own,
  std::vector<std::string> unset = {};  // and these taken away before
  int output = -1;                      // takes standard output and error
};

// While alive, signals that ask the process to end are held back, so that whoever runs children can clean up.
class signal_guard {
 public:
  signal_guard();
  ~signal_guard();
  signal_guard(const signal_guard&) = delete;
  signal_guard& operator=(const signal_guard&) = delete;

  // Runs a child with our standard streams and waits for it. Signals sent to us are passed on to it; those
  // that the terminal sends reach it without us. Throws failure if it cannot start.
  ended run(const command_line&, const environment& = {});

  // Starts a child and answers its process id; it dies with us. Throws failure if it cannot start.
  pid_t start_group(const command_line&, const child_setup&);
  // A new descriptor that is readable when one of the signals held back has come, SIGCHLD among them.
  int signal_descriptor() const;

 private:
  sigset_t original_mask_;
};

ended from_wait_status(int status);  // of waitpid

struct captured {
  int status = 0;      // as in `ended`; 127: could not start
  std::string output;  // standard output and error
};
captured capture(const command_line&, const environment& = {});

}  // namespace snag::cli
