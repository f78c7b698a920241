// SPDX-License-Identifier: Apache-2.0
#pragma once
// All checks on one translation unit, for the plugin and for snag-vet alike.
#include <string>
#include <vector>

#include "clang-plugin/vet/finding.h"
#include "clang/AST/ASTContext.h"

namespace snag::vet {

struct vet_options {
  std::vector<std::string> rules = {};  // only these; empty: all
  bool system_headers = false;          // functions that are defined in system headers, too
};

// In the order of their places; without what NOLINT exempts; each once, however often a template has it.
findings vet(clang::ASTContext&, const vet_options&);

// The rules, in the order of the table.
std::vector<std::string> rule_names();

}  // namespace snag::vet
