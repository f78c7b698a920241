// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a subcommand gives up: one line that says what to do, and the exit status. Thrown, caught in main.
#include <stdexcept>
#include <string>

namespace snag::cli {

enum exit_status : int {
  exit_success = 0,
  exit_compile_error = 1,
  exit_test_failed = 1,  // a test failed for reasons of its own
  exit_panic = 2,        // of the program: a panic, a fatal error, all goroutines asleep
  exit_usage = 64,       // sysexits.h, EX_USAGE
  exit_finding = 66,     // of the program: a gating finding; Go's -race uses the same number
  exit_internal = 70,    // sysexits.h, EX_SOFTWARE
  exit_incomplete = 75,  // sysexits.h, EX_TEMPFAIL: part of what should be there is missing
};

class failure : public std::runtime_error {
 public:
  failure(int status, const std::string& message) : std::runtime_error(message), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

inline failure usage_error(const std::string& message) { return {exit_usage, message}; }
inline failure internal_error(const std::string& message) { return {exit_internal, message}; }

}  // namespace snag::cli
