// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/vet/start.h"

#include "llvm/ADT/SmallPtrSet.h"

namespace snag::vet {
namespace {

class collector {
 public:
  collector(const clang::FunctionDecl& function, starts_list& list) : function_(function), list_(list) {}

  void look_at(const clang::Stmt& s) {
    const operation o = operation_of(&s);
    if (o.kind == operation_kind::go)
      add_go(llvm::cast<clang::CallExpr>(s), o);
    else if (o.kind == operation_kind::spawn && !detached_.contains(&s))
      add_thread(llvm::cast<clang::Expr>(s), llvm::cast<clang::Expr>(s), start::way::thread);
    else if (o.kind == operation_kind::detach && o.type == type_kind::thread)
      add_detached(llvm::cast<clang::CallExpr>(s), o);
    if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(&s))
      for (const clang::Decl* d : declared->decls())
        if (const auto* v = llvm::dyn_cast<clang::VarDecl>(d);
            v != nullptr && kind_of(v->getType()) == type_kind::thread)
          if (const clang::Expr* made = spawn_in(v->getInit())) threads_[v->getCanonicalDecl()] = made;
  }

 private:
  static const clang::Expr* spawn_in(const clang::Expr* e) {
    if (e == nullptr) return nullptr;
    e = e->IgnoreImplicit();
    if (const auto* cast = llvm::dyn_cast<clang::CXXFunctionalCastExpr>(e))
      e = cast->getSubExpr()->IgnoreImplicit();
    return operation_of(e).kind == operation_kind::spawn && llvm::isa<clang::CXXConstructExpr>(e) ? e
                                                                                                  : nullptr;
  }

  void add_go(const clang::CallExpr& call, const operation& o) {
    start s;
    s.how = o.object != nullptr ? start::way::group : start::way::goroutine;
    s.call = s.go = &call;
    s.group = o.path;
    llvm::SmallVector<const clang::Expr*, 4> words(call.arguments().begin(), call.arguments().end());
    if (!words.empty() && o.object == nullptr && kind_of(words[0]->getType()) == type_kind::snag_handle)
      words.erase(words.begin());  // go_options
    add(s, words);
  }

  void add_thread(const clang::Expr& made, const clang::Expr& call, start::way how,
                  object_path variable = {}) {
    start s;
    s.how = how;
    s.call = &call;
    s.group = variable;
    llvm::SmallVector<const clang::Expr*, 4> words;
    if (const auto* c = llvm::dyn_cast<clang::CXXConstructExpr>(&made))
      words.assign(c->arguments().begin(), c->arguments().end());
    else if (const auto* c = llvm::dyn_cast<clang::CallExpr>(&made))
      words.assign(c->arguments().begin(), c->arguments().end());
    add(s, words);
  }

  void add_detached(const clang::CallExpr& call, const operation& o) {
    const clang::Expr* object = o.object->IgnoreParenImpCasts();
    if (const auto* temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(object))
      object = temporary->getSubExpr();
    if (const clang::Expr* made = spawn_in(object)) {
      detached_.insert(made);
      add_thread(*made, call, start::way::detached_thread);
    } else if (o.path.is_whole_variable()) {
      const auto found = threads_.find(o.path.variable());
      if (found != threads_.end()) add_thread(*found->second, call, start::way::detached_thread, o.path);
    }
  }

  bool is_own(const clang::VarDecl* v) const {
    return v != nullptr && v->hasLocalStorage() && !v->getType()->isReferenceType() &&
           v->getDeclContext() == static_cast<const clang::DeclContext*>(&function_);
  }

  static const clang::VarDecl* variable_in(const clang::Expr* e) {
    const object_path path = object_path::of(e);
    return path.is_in_local() ? path.variable() : nullptr;
  }
  // &x
  static const clang::VarDecl* variable_pointed_to(const clang::Expr* e) {
    const auto* taken = llvm::dyn_cast<clang::UnaryOperator>(e->IgnoreParenImpCasts());
    return taken != nullptr && taken->getOpcode() == clang::UO_AddrOf ? variable_in(taken->getSubExpr())
                                                                      : nullptr;
  }

  void add_reference(start& s, const clang::VarDecl* v, clang::SourceLocation place, bool implicit,
                     bool given = false) const {
    if (is_own(v)) s.references.push_back({v, place, implicit, given});
  }

  void add(start& s, llvm::ArrayRef<const clang::Expr*> words) {
    if (words.empty()) return;
    s.lambda = lambda_of(words[0]);
    if (s.lambda != nullptr) {
      for (const clang::LambdaCapture& c : s.lambda->captures()) {
        if (!c.capturesVariable()) continue;
        const auto* v = llvm::dyn_cast<clang::VarDecl>(c.getCapturedVar());
        if (v == nullptr) continue;
        if (v->isInitCapture()) {
          const clang::Expr* init = v->getInit();
          if (init == nullptr) continue;
          add_reference(
              s, c.getCaptureKind() == clang::LCK_ByRef ? variable_in(init) : variable_pointed_to(init),
              init->getExprLoc(), false);
        } else if (c.getCaptureKind() == clang::LCK_ByRef) {
          add_reference(s, v, c.isImplicit() ? s.lambda->getCaptureDefaultLoc() : c.getLocation(),
                        c.isImplicit());
        }
      }
    }
    for (const clang::Expr* word : words.drop_front()) {
      const clang::Expr* e = word->IgnoreParenImpCasts();
      if (const auto* t = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(e))
        e = t->getSubExpr()->IgnoreParenImpCasts();
      if (const auto* call = llvm::dyn_cast<clang::CallExpr>(e); call != nullptr && call->getNumArgs() == 1) {
        const clang::FunctionDecl* f = call->getDirectCallee();
        if (f != nullptr && is_in_standard_library(f) && (word_name(*f) == "ref" || word_name(*f) == "cref"))
          add_reference(s, variable_in(call->getArg(0)), call->getExprLoc(), false, true);
      } else {
        add_reference(s, variable_pointed_to(e), e->getExprLoc(), false, true);
      }
    }
    list_.push_back(std::move(s));
  }

  const clang::FunctionDecl& function_;
  starts_list& list_;
  llvm::SmallPtrSet<const clang::Stmt*, 4> detached_;
  llvm::DenseMap<const clang::VarDecl*, const clang::Expr*> threads_;
};

}  // namespace

const char* start::name() const {
  return how == way::thread || how == way::detached_thread ? "thread" : "goroutine";
}

const clang::LambdaExpr* lambda_of(const clang::Expr* e) {
  for (unsigned steps = 0; e != nullptr && steps < 8; ++steps) {
    e = e->IgnoreImplicit()->IgnoreParenImpCasts();
    if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(e)) return lambda;
    if (const auto* t = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(e)) {
      e = t->getSubExpr();
    } else if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(e);
               made != nullptr && made->getNumArgs() == 1) {
      if (!made->getConstructor()->isCopyOrMoveConstructor()) return nullptr;
      e = made->getArg(0);
    } else if (const auto* call = llvm::dyn_cast<clang::CallExpr>(e);
               call != nullptr && call->getNumArgs() == 1) {
      const clang::FunctionDecl* f = call->getDirectCallee();
      if (f == nullptr || !is_in_standard_library(f) || word_name(*f) != "move") return nullptr;
      e = call->getArg(0);
    } else if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(e)) {
      const auto* v = llvm::dyn_cast<clang::VarDecl>(use->getDecl());
      const clang::CXXRecordDecl* type = v != nullptr ? v->getType()->getAsCXXRecordDecl() : nullptr;
      if (type == nullptr || !type->isLambda()) return nullptr;
      e = v->getInit();
    } else {
      return nullptr;
    }
  }
  return nullptr;
}

starts_list starts_in(const clang::FunctionDecl& function, const clang::Stmt& body) {
  starts_list list;
  collector c(function, list);
  for_each_statement(&body, [&](const clang::Stmt& s) { c.look_at(s); });
  return list;
}

}  // namespace snag::vet
