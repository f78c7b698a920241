// SPDX-License-Identifier: Apache-2.0
#pragma once
// The functions of a translation unit that the user wrote: not those of system headers. Templates by their
// instances, lambdas by themselves.
#include <functional>

#include "clang-plugin/vet/function_view.h"
#include "clang/AST/ASTContext.h"

namespace snag::vet {

struct user_function {
  const clang::FunctionDecl* function;
  const clang::Stmt* body;
  ingredients has;
};

// Calls visit for each that has anything to check. `system_headers`: those, too.
void for_each_user_function(clang::ASTContext&, bool system_headers,
                            const std::function<void(const user_function&)>& visit);

}  // namespace snag::vet
