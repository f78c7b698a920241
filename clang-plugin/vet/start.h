// SPDX-License-Identifier: Apache-2.0
#pragma once
// A goroutine or thread that a function starts, with what of the function's own it refers to.
#include <string>

#include "clang-plugin/vet/object_path.h"
#include "clang-plugin/vet/operation.h"
#include "clang/AST/ExprCXX.h"

namespace snag::vet {

struct start {
  enum class way : unsigned char { goroutine, group, thread, detached_thread };
  way how = way::goroutine;
  const clang::Expr* call = nullptr;          // what starts it; of a detached thread: what detaches it
  const clang::CallExpr* go = nullptr;        // the call of go, if it is one
  const clang::LambdaExpr* lambda = nullptr;  // what runs; null where it is something else
  object_path group = {};  // the group that waits for it, or the variable that holds the thread

  struct reference {
    const clang::VarDecl* variable;  // of the function that starts it, with a life of its own
    clang::SourceLocation place;     // where the reference is made
    bool implicit = false;           // by [&]
    bool given = false;              // as an argument, not by the lambda's captures
  };
  llvm::SmallVector<reference, 4> references = {};

  const char* name() const;  // "goroutine", "thread"
  const clang::Stmt* body() const { return lambda != nullptr ? lambda->getBody() : nullptr; }
};

using starts_list = std::vector<start>;

// The starts in the body of `function`, not those in lambdas of it.
starts_list starts_in(const clang::FunctionDecl& function, const clang::Stmt& body);

// Calls visit(s) for each expression and statement, parents first, not inside lambdas: only what they
// capture.
template <class Visit>
void for_each_statement(const clang::Stmt* s, Visit&& visit) {
  if (s == nullptr) return;
  visit(*s);
  if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(s)) {
    for (const clang::Expr* init : lambda->capture_inits()) for_each_statement(init, visit);
    return;
  }
  for (const clang::Stmt* child : s->children()) for_each_statement(child, visit);
}

// The same with the bodies of lambdas.
template <class Visit>
void for_each_statement_deeply(const clang::Stmt* s, Visit&& visit) {
  if (s == nullptr) return;
  visit(*s);
  if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(s)) {
    for (const clang::Expr* init : lambda->capture_inits()) for_each_statement_deeply(init, visit);
    for_each_statement_deeply(lambda->getBody(), visit);
    return;
  }
  for (const clang::Stmt* child : s->children()) for_each_statement_deeply(child, visit);
}

// The lambda that an expression is, moves or copies, perhaps from a variable that was initialised with it.
const clang::LambdaExpr* lambda_of(const clang::Expr*);

}  // namespace snag::vet
