// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/vet/held_locks.h"

namespace snag::vet {

llvm::SmallVector<const clang::Expr*, 2> taken_by_guard(const clang::VarDecl& v) {
  if (kind_of(v.getType()) != type_kind::guard || v.getType()->isReferenceType() || v.getInit() == nullptr)
    return {};
  const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(v.getInit()->IgnoreImplicit());
  if (made == nullptr || v.getType()->getAsCXXRecordDecl()->getName() == "shared_lock") return {};
  llvm::SmallVector<const clang::Expr*, 2> mutexes;
  for (const clang::Expr* a : made->arguments()) {
    const type_kind k = kind_of(a->getType());
    if (k != type_kind::mutex && k != type_kind::recursive_mutex)
      return {};  // std::defer_lock, another guard, …
    mutexes.push_back(a);
  }
  return mutexes;
}

namespace {

// What tells others something may be unlocking, of what it can reach. That is not a member of *this that the
// class keeps for itself, for a function of somebody else that is given neither the object nor anything to
// call.
bool cannot_reach(const clang::Stmt* s, const object_path& path) {
  const clang::FunctionDecl* f = callee_of(s);
  const clang::FieldDecl* member = path.first_member_of_this();
  if (f == nullptr || member == nullptr || member->getAccess() == clang::AS_public ||
      member->getParent()->isUnion())
    return false;
  const auto* owner = llvm::cast<clang::CXXRecordDecl>(member->getParent());
  if (owner->hasFriends()) return false;
  if (const auto* m = llvm::dyn_cast<clang::CXXMethodDecl>(f)) {
    if (m->isVirtual() || m->getParent()->getCanonicalDecl() == owner->getCanonicalDecl()) return false;
    if (m->getParent()->isDerivedFrom(owner) || owner->isDerivedFrom(m->getParent())) return false;
  }
  const auto is_harmless = [](const clang::Expr* a) {
    const clang::QualType type = a->getType().getNonReferenceType();
    bool of_this = false;
    for_each_statement_deeply(a, [&](const clang::Stmt& part) {
      const auto* self = llvm::dyn_cast<clang::CXXThisExpr>(&part);
      of_this = of_this || self != nullptr;
    });
    return is_plain(type) && !type->isFunctionPointerType() && !type->isFunctionType() &&
           !(of_this && type->isPointerType()) && !(of_this && type->isRecordType());
  };
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(s))
    return llvm::all_of(call->arguments(), is_harmless);
  if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(s))
    return llvm::all_of(made->arguments(), is_harmless);
  return false;
}

}  // namespace

held_locks::held_locks(function_view& view) : view_(view) {
  find();
  if (locks_.empty() || view.cfg() == nullptr) return;
  states_.emplace(*view.cfg(), locks_.size(),
                  [&](const clang::CFGElement& e, std::size_t i) { return step_of(e, i); });
}

std::size_t held_locks::index_of(const object_path& path, type_kind type) {
  for (std::size_t i = 0; i < locks_.size(); ++i)
    if (locks_[i].path == path) return i;
  locks_.push_back({path, type});
  return locks_.size() - 1;
}

void held_locks::find_guards(const clang::DeclStmt& declared) {
  for (const clang::Decl* d : declared.decls())
    if (const auto* v = llvm::dyn_cast<clang::VarDecl>(d))
      for (const clang::Expr* mutex : taken_by_guard(*v)) {
        const object_path path = object_path::of(mutex);
        if (!view_.is_stable(path)) continue;
        const std::size_t i = index_of(path, kind_of(mutex->getType()));
        ++locks_[i].guards;
        guards_[v].push_back(i);
      }
}

void held_locks::find() {
  for_each_statement(&view_.body(), [&](const clang::Stmt& s) {
    if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(&s)) find_guards(*declared);
    const operation o = operation_of(&s);
    if ((o.kind != operation_kind::lock && o.kind != operation_kind::unlock) || !view_.is_stable(o.path))
      return;
    lock& l = locks_[index_of(o.path, o.type)];
    ++(o.kind == operation_kind::lock ? l.plain_locks : l.unlocks);
  });
}

clang::SourceLocation held_locks::taken_at(const clang::CFGElement& element, std::size_t i) const {
  const auto statement = element.getAs<clang::CFGStmt>();
  if (!statement) return {};
  const clang::Stmt* s = statement->getStmt();
  const operation o = operation_of(s);
  if (o.kind == operation_kind::lock && o.path == locks_[i].path) return s->getBeginLoc();
  if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(s))
    for (const clang::Decl* d : declared->decls()) {
      const auto* v = llvm::dyn_cast<clang::VarDecl>(d);
      const auto found = v != nullptr ? guards_.find(v) : guards_.end();
      if (found != guards_.end() && llvm::is_contained(found->second, i)) return v->getLocation();
    }
  return {};
}

step held_locks::step_of(const clang::CFGElement& element, std::size_t i) {
  const object_path& path = locks_[i].path;
  if (taken_at(element, i).isValid()) return step::begin;
  if (const auto end = element.getAs<clang::CFGLifetimeEnds>()) {
    const auto found = guards_.find(end->getVarDecl());
    return found != guards_.end() && llvm::is_contained(found->second, i) ? step::end : step::none;
  }
  if (const auto gone = element.getAs<clang::CFGAutomaticObjDtor>())
    if (guards_.contains(gone->getVarDecl())) return step::none;  // ends with its variable's life, above
  const auto statement = element.getAs<clang::CFGStmt>();
  // Another guard's end, a deferred function: it may unlock.
  if (!statement) return (view_.effect_of().of(element) & (unseen | tells)) != 0 ? step::end : step::none;
  const clang::Stmt* s = statement->getStmt();
  const operation o = operation_of(s);
  if (o.kind == operation_kind::unlock) {
    // By a path that we do not follow it may be any.
    return o.path == path || !o.path || o.path.is_indirect() ? step::end : step::none;
  }
  if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(s))
    for (const clang::Decl* d : declared->decls())
      if (d == path.variable()) return step::forget;
  // The guard itself is used: unlocked, moved, given to a condition variable.
  if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(s)) {
    const auto* v = llvm::dyn_cast<clang::VarDecl>(use->getDecl());
    const auto found = v != nullptr ? guards_.find(v) : guards_.end();
    if (found != guards_.end() && llvm::is_contained(found->second, i)) return step::end;
  }
  // The mutex is given to somebody (std::unique_lock(m, std::adopt_lock), a function, a pointer to it is
  // kept).
  if (const clang::FunctionDecl* f = callee_of(s); f != nullptr && o.kind == operation_kind::none) {
    const auto is_given = [&](const clang::Expr* a) {
      return object_path::of(a) == path || object_path::pointed_to(a) == path;
    };
    bool given = false;
    if (const auto* call = llvm::dyn_cast<clang::CallExpr>(s))
      given = llvm::any_of(call->arguments(), is_given);
    if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(s);
        made != nullptr && kind_of(made->getType()) != type_kind::guard)
      given = llvm::any_of(made->arguments(), is_given);
    if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(s);
        made != nullptr && kind_of(made->getType()) == type_kind::guard && made->getNumArgs() > 1)
      given = given || llvm::any_of(made->arguments(), is_given);
    if (given) return step::end;
    if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(s);
        made != nullptr && kind_of(made->getType()) == type_kind::guard)
      return step::none;  // what it takes is taken where its variable is declared
  }
  if (o.kind == operation_kind::none && (view_.effect_of().of(s) & (unseen | tells)) != 0 &&
      !view_.is_private(path) && !cannot_reach(s, path))
    return step::end;
  return step::none;
}

}  // namespace snag::vet
