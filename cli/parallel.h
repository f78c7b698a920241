// SPDX-License-Identifier: Apache-2.0
#pragma once
// Several commands at once, each with what it prints kept apart.
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/process.h"

namespace snag::cli {

struct finished {
  std::size_t index;  // of the command
  ended end;
  std::string output, error;
  bool too_long = false;  // it was killed for that
};

// Runs the commands, at most `jobs` at a time, in their order; calls `done` as each ends. A signal that asks
// us to end is passed on to those that run, no more are started, and its number is returned; else 0. Throws
// failure if one cannot start. One that takes longer than `limit` is killed.
int run_in_parallel(const std::vector<command_line>&, std::size_t jobs,
                    std::optional<std::chrono::milliseconds> limit,
                    const std::function<void(finished)>& done);

}  // namespace snag::cli
