// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which tests there are: in programs that the user names, and in a build directory of CTest's.
#include <string>
#include <vector>

#include "cli/process.h"
#include "cli/subcommand.h"
#include "cli/test_run/test_plan.h"

namespace snag::cli {

struct test_list {
  std::vector<test_program> programs;
  std::vector<test_case> cases;    // sorted by program, then name
  std::vector<std::string> notes;  // lines for the user: what is missing in a program
};

// What a program's file says about it. Looks for words that the compiler leaves in it, stripped or not.
struct program_kind {
  bool elf = false;
  bool googletest = false;  // GoogleTest is in it, or a shared one is used
  bool attributes = false;  // snag/gtest.h is in it
  bool detects = false;     // a detector is in it
  bool race = false;        // and it is the race detector
};
program_kind look_at_program(const std::string& path);  // throws failure if it cannot be read

// `files`: test programs; `arguments` are given to each. Throws failure for what is no program.
test_list list_programs(signal_guard&, const std::vector<std::string>& files, const arguments&,
                        bool needs_race_detector);

// The tests that `ctest --test-dir directory` would run.
test_list list_ctest(signal_guard&, const std::string& directory);
// From what `ctest --show-only=json-v1` prints.
test_list ctest_list_of(const std::string& json, const std::string& directory);

}  // namespace snag::cli
