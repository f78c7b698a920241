// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where things lie in memory, as the AST knows it: steps from an object to a part of it, in bytes.
#include <cstdint>

#include "clang-plugin/src/source_tables.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/Type.h"

namespace snag::plugin {

std::int64_t add(std::int64_t a, std::int64_t b);  // unknown_offset if either is

bool moves_to_base(clang::CastKind);
// How far a derived-to-base conversion moves the address; unknown through virtual bases.
std::int64_t base_offset(const clang::CastExpr&, const clang::ASTContext&);
std::int64_t field_offset(const clang::FieldDecl&, const clang::ASTContext&);

// The bytes from an object's begin to the last one that belongs to a scalar of it: without what pads its end.
// At least 1. All of it if that cannot be told.
std::uint64_t used_bytes(clang::QualType, const clang::ASTContext&);

// Without parentheses and what the AST wraps around expressions that stand for themselves.
const clang::Expr* without_wrappers(const clang::Expr*);

}  // namespace snag::plugin
