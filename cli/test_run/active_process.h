// SPDX-License-Identifier: Apache-2.0
#pragma once
// A plan at work, and what is known of its cases so far. Only test_runner knows it.
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/test_run/test_process.h"
#include "cli/test_run/test_runner.h"

namespace snag::cli {

struct case_state {
  std::optional<cli::verdict> verdict;  // as the program said
  steady::time_point began;
  std::chrono::milliseconds spent{0};
  std::string excerpt;  // of what it printed, if it went badly
  std::set<std::string> findings;
  bool gates = false;
};

struct test_runner::active {
  active(process_plan p, std::filesystem::path d, const std::vector<std::string>& names, bool googletest,
         signal_guard& guard, const command_line& command, const child_setup& setup,
         std::optional<std::chrono::milliseconds> timeout)
      : plan(std::move(p)),
        directory(std::move(d)),
        states(plan.cases.size()),
        process(guard, command, setup, timeout),
        began(steady::now()) {
    if (googletest) parser.emplace(names);
  }

  std::chrono::milliseconds since(steady::time_point then) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - then);
  }

  process_plan plan;
  std::filesystem::path directory;  // for what its processes write; nobody else's
  std::vector<case_state> states;   // of plan.cases
  case_state outside;               // of none of them
  test_process process;
  steady::time_point began;
  std::optional<googletest_output> parser;
  std::optional<std::size_t> current;  // the case that it is at
  bool ran_any = false;
  bool report_is_lost = false;  // of a program with a detector: nothing of it, or not all, could be read
};

}  // namespace snag::cli
