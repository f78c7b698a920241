// SPDX-License-Identifier: Apache-2.0
#pragma once
// The words of hooks::site::path: how the bytes that an expression designates lie in the object that it
// starts at, so that a report, which knows the address, can say which elements they belong to. Empty where
// the way leads through no field and no array, or is not plain.
#include "clang-plugin/src/source_printer.h"
#include "clang/AST/Expr.h"

namespace snag::plugin {

llvm::StringRef path_of(const clang::Expr& designator, const source_printer&);

}  // namespace snag::plugin
