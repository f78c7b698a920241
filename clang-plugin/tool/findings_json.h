// SPDX-License-Identifier: Apache-2.0
#pragma once
// Findings with places as files, lines and columns, and edits as offsets: what snag-vet hands to `snag vet`.
#include "clang-plugin/vet/finding.h"
#include "clang/AST/ASTContext.h"
#include "llvm/Support/JSON.h"

namespace snag::vet {

llvm::json::Array to_json(const findings&, const clang::ASTContext&);

}  // namespace snag::vet
