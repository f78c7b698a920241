// SPDX-License-Identifier: Apache-2.0
#pragma once
// Documents as programs write them (snag-findings), made of few facts, for tests of what reads them.
#include <cstdint>
#include <string>
#include <vector>

#include "cli/finding_model.h"

namespace snag::cli_test {

struct race_facts {
  std::string variable = "counter", expression = "counter++";
  std::string function = "bump()", file = "app.cpp", caller = "worker()";
  unsigned line = 12, other_line = 25;
  std::uint64_t count = 1;
  std::string fingerprint = std::string(32, 'a');
  std::string certainty = "proved";
  std::string memory = "global";
};
std::string race(const race_facts& = {});
std::string deadlock(const std::string& fingerprint = std::string(32, 'd'));  // two who hold the other's lock

struct run_facts {
  std::string end = "exit", seed = "null", audit = "null";
  std::uint64_t not_listed = 0, suppressed = 0;
};
std::string findings_document(const std::vector<std::string>& findings, const run_facts& = {});

cli::report read(const std::string& document, const std::string& name = "findings.json");
std::string written(const cli::report&);
// What reading it complains of; empty: nothing.
std::string complaint(const std::string& document);

}  // namespace snag::cli_test
