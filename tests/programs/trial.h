// SPDX-License-Identifier: Apache-2.0
#pragma once
// One program at one optimisation level: every run that it must pass, and what went wrong.
#include <string>
#include <vector>

#include "tests/programs/build_cache.h"
#include "tests/programs/expectation.h"

namespace programs {

struct failure {
  std::string run;  // "seed 7", "free", "build"
  std::string problem;
  std::string command;  // to see it again
};

struct trial {
  int seeds = 0, as_expected = 0;  // seeded runs, and those with the promised outcome
  bool ran_free = false;
  double build_seconds = 0, run_seconds = 0;
  std::vector<failure> failures;
  bool passed() const { return failures.empty(); }
};

// Seeds 1 … n, then once on all processors without a seed. `folder`: for the runs' reports.
trial run_trial(const expectation&, const build_cache&, const std::string& optimisation, int seeds,
                const std::filesystem::path& folder);

// The same seed `times` times: standard output, report and status must not differ in a byte.
trial run_repeatedly(const expectation&, const build_cache&, const std::string& optimisation, int seed,
                     int times);

// Seeds 1 … n of the program from either cache: with the other's flags the same variables must be racy.
trial run_both(const expectation&, const build_cache&, const expectation& with_other_flags,
               const build_cache& other, const std::string& optimisation, int seeds,
               const std::filesystem::path& folder);

}  // namespace programs
