// SPDX-License-Identifier: Apache-2.0
#pragma once
// One child process, run to its end or killed at its deadline with everything it started. Not thread-safe
// beyond one call per thread.
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace programs {

struct process_result {
  int status = -1;  // exit status; 128 + signal if a signal ended it
  bool timed_out = false;
  std::string out, err;
};

using environment = std::vector<std::pair<std::string, std::string>>;  // added to our own

process_result run_process(const std::vector<std::string>& command, const environment& extra,
                           std::chrono::milliseconds deadline);

// As one would type it: quoted where the shell needs it.
std::string shell_line(const std::vector<std::string>& command, const environment& extra = {});

}  // namespace programs
