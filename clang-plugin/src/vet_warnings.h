// SPDX-License-Identifier: Apache-2.0
#pragma once
// The findings of clang-plugin/vet as warnings of the compiler, "… [snag-RULE]", or as errors; none with -w.
// -Werror alone does not make errors of them: who builds with it has not asked for these checks, and a build
// that breaks when Snag comes to it, or learns another check, is one that Snag is taken out of again.
#include "clang/AST/ASTContext.h"

namespace snag::plugin {

void warn_of_findings(clang::ASTContext&, bool as_errors);

}  // namespace snag::plugin
