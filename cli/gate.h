// SPDX-License-Identifier: Apache-2.0
#pragma once
// What makes a run fail: --fail-on, --exit-code and --baseline, declared and judged in one way by every
// subcommand that has them.
#include <CLI/CLI.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/baseline.h"
#include "cli/failure.h"
#include "cli/report_view.h"

namespace snag::cli {

struct gate_flags {
  std::vector<std::string> fail_on;  // empty: every kind that is proved
  std::optional<int> exit_code;
  std::string baseline;  // a file; empty: none

  bool fails_on(const kept_finding&) const;
  bool fails_on_unseen() const;
  int status() const { return exit_code.value_or(exit_finding); }
};

void declare_gate(CLI::App&, gate_flags&);
CLI::Option* declare_status(CLI::App&, gate_flags&);  // without a baseline; answers --fail-on
void check_gate(const gate_flags&);                   // throws failure for what the declaration cannot refuse

// The findings of the report with their standing, and what has to be said beside them. `known`: the baseline;
// null: none. The view points into both.
report_view judge(const report&, const gate_flags&, const baseline* known, day today);

// The first that applies: the status of findings that gate, or of a run that did not see everything and that
// gates; 75 if shards are missing or tests were not started; 1 if a test failed; 0.
int gate_status(const report_view&, const gate_flags&);

day today();

}  // namespace snag::cli
