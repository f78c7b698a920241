// SPDX-License-Identifier: Apache-2.0
// mutex-not-shared: a guard locks a mutex that belongs to this call alone, a local variable or a part of a
// parameter or capture that is a copy, around a change of something that outlives the call. Every caller
// locks its own.
#include "clang-plugin/vet/check.h"
#include "clang-plugin/vet/held_locks.h"
#include "clang/AST/ASTContext.h"

namespace snag::vet {
namespace {

// A variable of static life, or a member of *this, not const, not atomic.
const clang::ValueDecl* lasting(const clang::Expr* e) {
  e = e->IgnoreParenImpCasts();
  while (true) {
    if (const auto* element = llvm::dyn_cast<clang::ArraySubscriptExpr>(e)) {
      e = element->getBase()->IgnoreParenImpCasts();
    } else if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(e)) {
      if (llvm::isa<clang::CXXThisExpr>(member->getBase()->IgnoreParenImpCasts()))
        return llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl());
      if (member->isArrow()) return nullptr;
      e = member->getBase()->IgnoreParenImpCasts();
    } else {
      break;
    }
  }
  const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(e);
  const auto* v = use != nullptr ? llvm::dyn_cast<clang::VarDecl>(use->getDecl()) : nullptr;
  return v != nullptr && v->hasGlobalStorage() && v->getTLSKind() == clang::VarDecl::TLS_None &&
                 !v->getType()->isReferenceType()
             ? v
             : nullptr;
}

const clang::ValueDecl* changed_by(const clang::Stmt& s) {
  const clang::Expr* target = nullptr;
  if (const auto* o = llvm::dyn_cast<clang::UnaryOperator>(&s); o != nullptr && o->isIncrementDecrementOp())
    target = o->getSubExpr();
  else if (const auto* o = llvm::dyn_cast<clang::BinaryOperator>(&s); o != nullptr && o->isAssignmentOp())
    target = o->getLHS();
  else if (const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(&s)) {
    const clang::CXXMethodDecl* m = call->getMethodDecl();
    const bool changes = m != nullptr && is_in_standard_library(m) &&
                         kind_of(m->getParent()) == type_kind::other &&
                         (m->getIdentifier() != nullptr &&
                          (m->getName() == "push_back" || m->getName() == "emplace_back" ||
                           m->getName() == "insert" || m->getName() == "emplace" || m->getName() == "erase" ||
                           m->getName() == "clear" || m->getName() == "pop_back" ||
                           m->getName() == "append" || m->getName() == "push" || m->getName() == "pop"));
    if (changes) target = call->getImplicitObjectArgument();
  }
  if (target == nullptr || target->getType()->isAtomicType()) return nullptr;
  return lasting(target);
}

// What the mutex is a part of is this call's own.
const char* why_own(const function_view& view, const object_path& path) {
  if (!view.is_own(path)) return nullptr;
  if (!llvm::isa<clang::ParmVarDecl>(path.variable())) return "a variable of this call alone";
  return path.variable()->getType()->isRecordType() ? "part of a parameter that is passed by value" : nullptr;
}

}  // namespace

void check_unshared_mutexes(function_view& view, findings& found) {
  if (!view.has().locks || view.function().isMain()) return;
  held_locks locks(view);
  if (!locks.usable()) return;
  std::vector<const char*> why(locks.locks().size());
  bool any = false;
  for (std::size_t i = 0; i < why.size(); ++i) {
    const held_locks::lock& l = locks.locks()[i];
    // Nobody else may have it: no lambda, no function, no pointer.
    if (l.guards == 0 || !view.is_stable(l.path) || view.is_given_away(l.path)) continue;
    why[i] = why_own(view, l.path);
    any = any || why[i] != nullptr;
  }
  if (!any) return;
  std::vector<clang::SourceLocation> taken(why.size());
  locks.states().for_each([&](const clang::CFGElement& element, const std::vector<path_set>& now) {
    for (std::size_t i = 0; i < why.size(); ++i) {
      if (const clang::SourceLocation place = locks.taken_at(element, i); place.isValid()) taken[i] = place;
      const auto statement = element.getAs<clang::CFGStmt>();
      if (why[i] == nullptr || !statement || now[i] != under_way) continue;
      const clang::ValueDecl* changed = changed_by(*statement->getStmt());
      if (changed == nullptr) continue;
      finding f{"mutex-not-shared", taken[i].isValid() ? taken[i] : statement->getStmt()->getBeginLoc(),
                "'" + locks.locks()[i].path.text() + "' is " + why[i] +
                    ": nobody else can hold it, and it does not protect " + quoted(*changed)};
      f.notes.push_back({statement->getStmt()->getBeginLoc(),
                         quoted(*changed) + ", which outlives the call, is changed here"});
      found.push_back(std::move(f));
      why[i] = nullptr;
    }
  });
}

}  // namespace snag::vet
