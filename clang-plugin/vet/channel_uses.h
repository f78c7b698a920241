// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a lambda's body does for certain, whatever its branches decide: its own statements, one after the
// other.
#include <functional>

#include "clang-plugin/vet/operation.h"
#include "clang-plugin/vet/start.h"

namespace snag::vet {

// The channel that a `snag::defer` variable's lambda closes for certain; no path if it closes none.
object_path deferred_close(const clang::VarDecl&);

// The first operation that fits, in a statement that is executed whenever the body runs to its end: not in a
// branch, a loop or a lambda, not after a return or a throw that may come first. Deferred operations count
// where `deferred` is set. Null if there is none.
const clang::Stmt* certain_operation(const clang::Stmt* body,
                                     const std::function<bool(const operation&)>& fits, bool deferred = true);

// A return, throw, break, goto or co_return, outside of lambdas.
bool may_leave(const clang::Stmt*);

}  // namespace snag::vet
