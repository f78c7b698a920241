// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether an expression may let other goroutines and threads learn something, or may wait for them to tell.
// The unknown may do all of that: checks that look for "nothing here waits" are certain, or silent.
#include "clang-plugin/vet/types.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Stmt.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/DenseMap.h"

namespace snag::vet {

using effect = unsigned;
constexpr effect no_effect = 0;
constexpr effect tells = 1;   // others may learn that it came to this
constexpr effect waits = 2;   // it may learn so of others
constexpr effect starts = 4;  // a goroutine or thread
constexpr effect unseen = 8;  // code that is not in sight runs
constexpr effect anything = tells | waits | starts | unseen;

class effects {
 public:
  explicit effects(const clang::ASTContext& context) : context_(context) {}

  effect of(const clang::Stmt*);        // of the expression itself, its parts apart
  effect of(const clang::CFGElement&);  // destructors too
  effect of_all(const clang::Stmt*);    // with its parts; lambdas in it are made, not called
  effect of_destroying(clang::QualType);

 private:
  effect of_call(const clang::CallExpr&);
  effect of_function(const clang::FunctionDecl*, llvm::ArrayRef<const clang::Expr*>);
  effect of_body(const clang::FunctionDecl&);
  effect of_library(const clang::FunctionDecl&, llvm::ArrayRef<const clang::Expr*>);
  effect of_c_function(llvm::StringRef name);
  effect of_snag(const clang::FunctionDecl&, llvm::ArrayRef<const clang::Expr*>);
  effect of_callables(llvm::ArrayRef<const clang::Expr*>);

  const clang::ASTContext& context_;
  llvm::DenseMap<const clang::FunctionDecl*, effect> bodies_;
  unsigned depth_ = 0;
};

}  // namespace snag::vet
