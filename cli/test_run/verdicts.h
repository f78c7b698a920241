// SPDX-License-Identifier: Apache-2.0
#pragma once
// From how a process ended to what is said of its test. `detail`: a few words on it, empty where the verdict
// says all.
#include <string>

#include "cli/test_run/test_plan.h"
#include "cli/test_run/test_process.h"

namespace snag::cli {

std::string name_of_signal(int number);  // "SIGSEGV"

// A process that is one test. `gates`: it found something that matters. `report_is_lost`: what it found is
// not known.
verdict verdict_of_process(const test_process&, const ctest_properties&, bool gates, bool report_is_lost,
                           std::string& detail);

// A test case during which its process ended.
verdict verdict_of_unfinished(const test_process&, bool gates, std::string& detail);

// The rules of the former, without a process. `output` is looked at only by regular expressions.
struct process_end {
  ended how;
  bool timed_out = false, asked_to_end = false;
};
verdict verdict_of(const process_end&, const ctest_properties&, const std::string& output, bool gates,
                   bool report_is_lost, std::string& detail);

}  // namespace snag::cli
