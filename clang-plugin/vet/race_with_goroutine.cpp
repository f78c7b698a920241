// SPDX-License-Identifier: Apache-2.0
// race-with-goroutine: a variable that a goroutine uses by reference is used by the function that started it,
// one of them writes, and nothing has waited for the goroutine on any path. Only for goroutines that neither
// wait nor tell: what others do is ordered in ways that one function does not show.
#include "clang-plugin/vet/check.h"
#include "clang-plugin/vet/function_view.h"
#include "clang/AST/ASTContext.h"

namespace snag::vet {
namespace {

struct access {
  const clang::VarDecl* variable = nullptr;
  bool write = false;
};

const clang::VarDecl* scalar_variable(const clang::Expr* e) {
  const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(e->IgnoreParens());
  const auto* v = use != nullptr ? llvm::dyn_cast<clang::VarDecl>(use->getDecl()) : nullptr;
  return v != nullptr && v->getType()->isScalarType() && !v->getType().isVolatileQualified() ? v : nullptr;
}

access access_of(const clang::Stmt& s) {
  if (const auto* o = llvm::dyn_cast<clang::UnaryOperator>(&s); o != nullptr && o->isIncrementDecrementOp())
    return {scalar_variable(o->getSubExpr()), true};
  if (const auto* o = llvm::dyn_cast<clang::BinaryOperator>(&s); o != nullptr && o->isAssignmentOp())
    return {scalar_variable(o->getLHS()), true};
  if (const auto* cast = llvm::dyn_cast<clang::ImplicitCastExpr>(&s);
      cast != nullptr && cast->getCastKind() == clang::CK_LValueToRValue)
    return {scalar_variable(cast->getSubExpr()), false};
  return {};
}

struct use_in_goroutine {
  bool writes = false, reads = false;
  clang::SourceLocation write, read;
};

// By reference, to somebody who looks at it: snag::println, the standard library.
void add_arguments(const clang::Stmt& s, const clang::VarDecl* v, use_in_goroutine& use) {
  const auto* call = llvm::dyn_cast<clang::CallExpr>(&s);
  const clang::FunctionDecl* f = call != nullptr ? call->getDirectCallee() : nullptr;
  if (f == nullptr || !((is_in_snag(f) && word_name(*f) == "println") || is_in_standard_library(f))) return;
  for (const clang::Expr* a : call->arguments())
    if (scalar_variable(a->IgnoreImpCasts()) == v) {
      use.read = a->getBeginLoc();
      use.reads = true;
    }
}

use_in_goroutine use_of(const start& s, const clang::VarDecl* v) {
  use_in_goroutine use;
  for_each_statement(s.body(), [&](const clang::Stmt& part) {
    add_arguments(part, v, use);
    const access a = access_of(part);
    if (a.variable != v) return;
    (a.write ? use.write : use.read) = part.getBeginLoc();
    (a.write ? use.writes : use.reads) = true;
  });
  return use;
}

}  // namespace

void check_races_with_goroutines(function_view& view, findings& found) {
  if (!view.has().starts) return;
  struct shared {
    std::size_t start;
    const clang::VarDecl* variable;
    use_in_goroutine use;
    bool told = false;
  };
  std::vector<shared> all;
  const starts_list& starts = view.starts();
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (starts[i].lambda == nullptr || !view.is_mute(starts[i])) continue;
    for (const start::reference& r : starts[i].references)
      if (const use_in_goroutine use = use_of(starts[i], r.variable); use.writes || use.reads)
        all.push_back({i, r.variable, use});
  }
  if (all.empty() || view.cfg() == nullptr) return;
  view.pending().for_each([&](const clang::CFGElement& element, const std::vector<path_set>& now) {
    const auto statement = element.getAs<clang::CFGStmt>();
    if (!statement) return;
    const access a = access_of(*statement->getStmt());
    if (a.variable == nullptr) return;
    for (shared& s : all) {
      if (s.told || s.variable != a.variable || now[s.start] != under_way || !(a.write || s.use.writes))
        continue;
      const start& other = starts[s.start];
      s.told = true;
      const bool theirs_writes = s.use.writes;
      finding f{"race-with-goroutine", statement->getStmt()->getBeginLoc(),
                std::string(a.write ? "the write of " : "the read of ") + quoted(*a.variable) +
                    " races with the " + other.name() + " that " + (theirs_writes ? "writes" : "reads") +
                    " it: nothing has waited for the " + other.name()};
      f.notes.push_back(
          {theirs_writes ? s.use.write : s.use.read,
           std::string("the ") + other.name() + (theirs_writes ? " writes it here" : " reads it here")});
      f.notes.push_back({other.call->getBeginLoc(), std::string("the ") + other.name() + " is started here"});
      found.push_back(std::move(f));
    }
  });
}

}  // namespace snag::vet
