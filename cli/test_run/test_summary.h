// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is said at the end of a run: what failed, what was found, and the exit status. Pure.
#include <string>
#include <vector>

#include "cli/test_run/collected_findings.h"

namespace snag::cli {

// A line for each test that did not go well, one for each finding that gates, and the numbers.
std::string summary_text(const std::vector<test_case>&, const collected_findings&,
                         std::chrono::milliseconds spent);

// 66 (or `of_findings`) if anything was found that gates, else 1 if a test failed, else 75 if one did not
// run.
int status_of(const std::vector<test_case>&, const collected_findings&, int of_findings);

}  // namespace snag::cli
