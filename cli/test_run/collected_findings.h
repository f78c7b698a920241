// SPDX-License-Identifier: Apache-2.0
#pragma once
// What all tests of a run found, and the report made of it: one document that `snag report` merges with
// others.
#include <string>
#include <vector>

#include "cli/finding_model.h"
#include "cli/gate.h"
#include "cli/test_run/found.h"
#include "cli/test_run/shard.h"
#include "cli/test_run/test_plan.h"

namespace snag::cli {

class collected_findings {
 public:
  explicit collected_findings(gate_flags gate) : gate_(std::move(gate)) {}

  // Reads every document in the directory; see finding_collector.
  found_in_process take(const std::filesystem::path& directory, const std::string& test,
                        const std::string& output);
  bool gates(const kept_finding& f) const { return gate_.fails_on(f); }

  const report& all() const { return report_; }
  bool has_gating() const;
  // With the tests as they stand now. Of those without a verdict it says so: what is left by a run that was
  // killed is not taken for one that passed.
  const report& with_tests(const std::vector<test_program>&, const std::vector<test_case>&, const shard&);

 private:
  void add(report&&, const std::string& test, found_in_process&);

  const gate_flags gate_;
  report report_;
};

// Writes a report in place of what was there, or leaves that alone and throws failure.
void write_report_file(const std::string& path, const report&);

}  // namespace snag::cli
