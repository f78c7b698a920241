// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `snag test` runs: programs, the test cases in them, and how each case ended.
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/finding_model.h"
#include "cli/process.h"

namespace snag::cli {

bool is_bad(verdict);             // the run is not green
verdict worse(verdict, verdict);  // of two rounds, the one to tell of

// What CTest knows of a test beyond its command.
struct ctest_properties {
  bool will_fail = false, serial = false;
  std::optional<int> skip_status = {};
  std::vector<std::string> pass_if = {}, fail_if = {}, skip_if = {};  // regular expressions over the output
  std::vector<std::string> locks = {};                                // no two with one in common run at once
  std::vector<std::size_t> after = {};       // programs that have to have ended before,
  std::vector<std::size_t> needs = {};       // those that have to have passed: its fixtures' set-up,
  std::vector<std::size_t> cleaned_by = {};  // and those that have to run afterwards
};

struct test_program {
  std::string label;     // the file as the user named it, or the CTest test's name
  command_line command;  // [0] is absolute
  std::string directory;
  environment variables = {};
  bool googletest = false;  // runs a list of cases, and says on its output which it is at
  bool attributes = false;  // tells the detector which: a finding knows its test
  bool detects = false;     // has a detector in it
  std::optional<std::chrono::milliseconds> timeout = {};
  ctest_properties ctest = {};
  std::string problem = {};  // why it cannot be run; empty: it can
};

// One name in the report. Of a program that is no GoogleTest's, the program itself.
struct test_case {
  std::size_t program = 0;
  std::string name;
  bool selected = true;  // false: there only for others that need it, such as a fixture of CTest's

  verdict worst = verdict::unstarted;
  std::uint64_t planned = 0, runs = 0, bad_runs = 0;  // rounds
  std::chrono::milliseconds spent{0};
  std::optional<std::uint64_t> seed = {};  // of the first round with the worst verdict
  std::optional<int> status = {};          // of its process then, if that was its own
  std::string detail = {};                 // a few words on why,
  std::string excerpt = {};                // and the end of what it printed
  std::set<std::string> findings = {};     // fingerprints
};

// Some cases of one program, in one process.
struct process_plan {
  std::size_t program = 0;
  std::vector<std::size_t> cases;
  std::optional<std::uint64_t> seed = {};
  std::uint64_t round = 1;
};

}  // namespace snag::cli
