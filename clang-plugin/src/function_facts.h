// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a function's declaration says about instrumenting it.
#include "clang/AST/Decl.h"

namespace snag::plugin {

// Defined in namespace snag in a file …/include/snag/…*.h: the library's own code inside the user's.
bool is_runtime_header_function(const clang::FunctionDecl&);
bool has_user_access(const clang::FunctionDecl&);  // annotated "snag.user_access"
bool opts_out_of_checks(
    const clang::FunctionDecl&);                   // no_sanitize("thread") in any spelling, SNAG_IGNORE_RACES
bool opts_out_of_checks(const clang::ValueDecl&);  // SNAG_IGNORE_RACES, on any declaration of it

}  // namespace snag::plugin
