// SPDX-License-Identifier: Apache-2.0
#pragma once
// A finding as Go prints it, so that eyes and scripts trained on Go work: the lines of Go's report come first
// and keep its words, then blocks of ours say what the variable is, what it lies in and how to name the
// finding. Pure; golden files test it (tests/detector/report/golden).
#include "detector/finding.h"

namespace snag::detector {

struct text_style {
  bool colour = false;
};

string render_text(const finding&, text_style = {});

// "Found 2 data race(s)" and, for findings seen more than once, how often.
struct finding_tally {
  std::uint64_t races = 0;    // distinct
  std::uint64_t misuses = 0;  // of locks, distinct
  std::uint64_t deadlocks = 0, leaks = 0;
  std::uint64_t possible = 0;   // deadlocks and leaks that are not proved
  std::uint64_t not_shown = 0;  // of those, beyond max_reports
  std::uint64_t repeats = 0;    // occurrences beyond the first of each
  std::uint64_t suppressed = 0,
                times_suppressed = 0;  // distinct ones that are not among `races`, and their occurrences
  const char* seed = nullptr;          // of the run, if it has one
};
string render_summary(const finding_tally&);

}  // namespace snag::detector
