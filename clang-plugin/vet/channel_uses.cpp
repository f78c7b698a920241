// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/vet/channel_uses.h"

#include "clang/AST/StmtCXX.h"

namespace snag::vet {
namespace {

// In the expressions of one statement that has no branches.
const clang::Stmt* operation_in(const clang::Stmt* s, const std::function<bool(const operation&)>& fits) {
  if (s == nullptr || llvm::isa<clang::LambdaExpr, clang::ConditionalOperator>(s)) return nullptr;
  if (const auto* o = llvm::dyn_cast<clang::BinaryOperator>(s); o != nullptr && o->isLogicalOp())
    s = o->getLHS();
  for (const clang::Stmt* child : s->children())
    if (const clang::Stmt* found = operation_in(child, fits)) return found;
  return fits(operation_of(s)) ? s : nullptr;
}

}  // namespace

bool may_leave(const clang::Stmt* body) {
  bool leaves = false;
  for_each_statement(body, [&](const clang::Stmt& s) {
    if (llvm::isa<clang::ReturnStmt, clang::CXXThrowExpr, clang::GotoStmt, clang::IndirectGotoStmt,
                  clang::CoreturnStmt, clang::BreakStmt>(s))
      leaves = true;
    if (const clang::FunctionDecl* f = callee_of(&s); f != nullptr && f->isNoReturn()) leaves = true;
    if (const clang::FunctionDecl* f = callee_of(&s);
        f != nullptr && is_in_snag(f) && (word_name(*f) == "goexit" || word_name(*f) == "panic"))
      leaves = true;
  });
  return leaves;
}

const clang::Stmt* certain_operation(const clang::Stmt* body,
                                     const std::function<bool(const operation&)>& fits, bool deferred) {
  const auto* block = llvm::dyn_cast_or_null<clang::CompoundStmt>(body);
  if (block == nullptr) return nullptr;
  for (const clang::Stmt* s : block->body()) {
    if (const auto* inner = llvm::dyn_cast<clang::CompoundStmt>(s)) {
      if (const clang::Stmt* found = certain_operation(inner, fits, deferred)) return found;
    } else if (llvm::isa<clang::Expr, clang::DeclStmt>(s)) {
      if (const clang::Stmt* found = operation_in(s, fits)) return found;
      if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(s); declared != nullptr && deferred)
        for (const clang::Decl* d : declared->decls())
          if (const auto* v = llvm::dyn_cast<clang::VarDecl>(d);
              v != nullptr && kind_of(v->getType()) == type_kind::defer)
            if (const auto* made = llvm::dyn_cast_or_null<clang::CXXConstructExpr>(
                    v->getInit() != nullptr ? v->getInit()->IgnoreImplicit() : nullptr);
                made != nullptr && made->getNumArgs() == 1)
              if (const clang::LambdaExpr* lambda = lambda_of(made->getArg(0)))
                if (const clang::Stmt* found = certain_operation(lambda->getBody(), fits)) return found;
    }
    if (may_leave(s)) return nullptr;
  }
  return nullptr;
}

object_path deferred_close(const clang::VarDecl& v) {
  if (kind_of(v.getType()) != type_kind::defer || v.getInit() == nullptr) return {};
  const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(v.getInit()->IgnoreImplicit());
  if (made == nullptr || made->getNumArgs() != 1) return {};
  const clang::LambdaExpr* lambda = lambda_of(made->getArg(0));
  if (lambda == nullptr) return {};
  object_path path;
  certain_operation(lambda->getBody(), [&](const operation& o) {
    if (o.kind != operation_kind::close) return false;
    path = o.path;
    return true;
  });
  return path;
}

}  // namespace snag::vet
