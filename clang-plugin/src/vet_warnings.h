// SPDX-License-Identifier: Apache-2.0
#pragma once
// The findings of clang-plugin/vet as warnings of the compiler, "… [snag-RULE]": errors with -Werror, none
// with -w.
#include "clang/AST/ASTContext.h"

namespace snag::plugin {

void warn_of_findings(clang::ASTContext&);

}  // namespace snag::plugin
