// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/vet/lock_ownership.h"

#include "clang-plugin/vet/held_locks.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"

namespace snag::vet {
namespace {

const clang::ValueDecl* mutex_of(const object_path& path) {
  if (!path) return nullptr;
  return path.fields().empty() ? static_cast<const clang::ValueDecl*>(path.variable()) : path.fields().back();
}

struct uses {
  unsigned locks = 0, unlocks = 0, others = 0;
};

uses uses_in(const clang::Stmt* body, const clang::ValueDecl* mutex) {
  uses u;
  unsigned named = 0, guards = 0;
  for_each_statement_deeply(body, [&](const clang::Stmt& s) {
    const operation o = operation_of(&s);
    if (o.kind == operation_kind::lock && mutex_of(o.path) == mutex) ++u.locks;
    if (o.kind == operation_kind::unlock && mutex_of(o.path) == mutex) ++u.unlocks;
    if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(&s))
      for (const clang::Decl* d : declared->decls())
        if (const auto* v = llvm::dyn_cast<clang::VarDecl>(d))
          for (const clang::Expr* taken : taken_by_guard(*v))
            if (mutex_of(object_path::of(taken)) == mutex) ++guards;
    if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(&s))
      named += use->getDecl()->getCanonicalDecl() == mutex;
    if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(&s))
      named += member->getMemberDecl()->getCanonicalDecl() == mutex;
  });
  u.others = named - guards - u.locks - u.unlocks;  // given away, tried, waited with, …
  return u;
}

bool lets_go_of_others(const clang::FunctionDecl& f, const clang::ValueDecl* mutex) {
  const uses u = uses_in(f.getBody(), mutex);
  return u.others != 0 || (u.unlocks != 0 && u.locks == 0);
}

bool holds_in_class(const clang::FieldDecl& mutex) {
  const auto* owner = llvm::dyn_cast<clang::CXXRecordDecl>(mutex.getParent());
  if (owner == nullptr || mutex.getAccess() != clang::AS_private || owner->hasFriends()) return false;
  for (const clang::Decl* d : owner->decls()) {
    if (llvm::isa<clang::FunctionTemplateDecl, clang::CXXRecordDecl, clang::ClassTemplateDecl>(d) &&
        !d->isImplicit())
      return false;  // more code than is looked at here
    const auto* m = llvm::dyn_cast<clang::CXXMethodDecl>(d);
    if (m == nullptr || m->isDefaulted() || m->isDeleted() || m->isImplicit()) continue;
    const clang::FunctionDecl* definition = nullptr;
    if (!m->hasBody(definition) || definition == nullptr || lets_go_of_others(*definition, &mutex))
      return false;
  }
  return true;
}

bool holds_in(const clang::DeclContext& scope, const clang::ValueDecl* mutex,
              const clang::SourceManager& sources) {
  for (const clang::Decl* d : scope.decls()) {
    if (d->isImplicit() || sources.isInSystemHeader(d->getLocation())) continue;
    if (const auto* f = llvm::dyn_cast<clang::FunctionDecl>(d)) {
      if (f->doesThisDeclarationHaveABody() && lets_go_of_others(*f, mutex)) return false;
    } else if (const auto* t = llvm::dyn_cast<clang::FunctionTemplateDecl>(d)) {
      if (t->isThisDeclarationADefinition() && lets_go_of_others(*t->getTemplatedDecl(), mutex)) return false;
    } else if (llvm::isa<clang::NamespaceDecl, clang::LinkageSpecDecl, clang::CXXRecordDecl>(d)) {
      if (!holds_in(*llvm::cast<clang::DeclContext>(d), mutex, sources)) return false;
    } else if (llvm::isa<clang::ClassTemplateDecl>(d)) {
      if (!holds_in(*llvm::cast<clang::ClassTemplateDecl>(d)->getTemplatedDecl(), mutex, sources))
        return false;
    } else if (const auto* v = llvm::dyn_cast<clang::VarDecl>(d); v != nullptr && v->getInit() != nullptr) {
      if (const uses u = uses_in(v->getInit(), mutex); u.locks + u.unlocks + u.others != 0) return false;
    }
  }
  return true;
}

}  // namespace

bool is_unlocked_only_where_locked(const function_view& view, const object_path& path) {
  if (const clang::FieldDecl* member = path.first_member_of_this())
    return path.fields().size() == 1 && holds_in_class(*member);
  const clang::VarDecl* v = path.variable();
  if (v == nullptr || path.is_indirect() || !path.fields().empty()) return false;
  if (v->isStaticLocal()) return !lets_go_of_others(view.function(), v->getCanonicalDecl());
  if (!v->hasGlobalStorage() || v->isExternallyVisible()) return false;
  const clang::ASTContext& context = view.context();
  return holds_in(*context.getTranslationUnitDecl(), v->getCanonicalDecl(), context.getSourceManager());
}

}  // namespace snag::vet
