// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/ask_program.h"

#include <poll.h>
#include <sys/wait.h>

#include <algorithm>

#include "cli/test_run/shard.h"
#include "cli/test_run/test_process.h"

namespace snag::cli {

said ask_program(signal_guard& guard, const command_line& command, std::chrono::milliseconds patience) {
  constexpr std::size_t most = 64 << 20;
  // What it finds before main it finds again when it runs.
  child_setup setup{"", {{"SNAG_OPTIONS", "exitcode=0 log_path=/dev/null audit=0"}}, shard_variables()};
  test_process process(guard, command, setup, patience);
  said result;
  while (!process.done()) {
    pollfd polled{process.descriptor(), POLLIN, 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(process.deadline() - steady::now());
    poll(&polled, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 100)));
    if (polled.revents != 0)
      if (const std::string_view bytes = process.read_some(); result.output.size() < most)
        result.output.append(bytes);
    process.look_at_clock();
    int status = 0;
    if (!process.leader_has_ended() && waitpid(process.pid(), &status, WNOHANG) == process.pid())
      process.leader_ended(status);
  }
  result.how = process.end();
  result.timed_out = process.timed_out();
  return result;
}

}  // namespace snag::cli
