// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/vet/function_view.h"

#include "clang/AST/StmtCXX.h"

namespace snag::vet {

function_view::function_view(clang::ASTContext& context, const clang::FunctionDecl& function,
                             const clang::Stmt& body, effects& e, ingredients i)
    : context_(context), function_(function), body_(body), effects_(e), ingredients_(i) {}

const clang::CFG* function_view::cfg() {
  if (!cfg_) {
    clang::CFG::BuildOptions options;
    options.PruneTriviallyFalseEdges = true;
    options.AddImplicitDtors = true;
    options.AddTemporaryDtors = true;
    options.AddLifetime = true;
    options.AddInitializers = true;
    options.setAllAlwaysAdd();
    cfg_ = clang::CFG::buildCFG(&function_, const_cast<clang::Stmt*>(&body_), &context_, options);
  }
  return cfg_->get();
}

const starts_list& function_view::starts() {
  if (!starts_) starts_ = starts_in(function_, body_);
  return *starts_;
}

namespace {

// Whether a use of a variable, by what stands around it, leaves the variable what it is.
class uses {
 public:
  uses(llvm::SmallPtrSetImpl<const clang::ValueDecl*>& unstable,
       llvm::SmallPtrSetImpl<const clang::VarDecl*>& shared,
       llvm::SmallPtrSetImpl<const clang::Stmt*>& in_try)
      : unstable_(unstable), shared_(shared), in_try_(in_try) {}

  void read(const clang::Stmt* s, bool in_lambda, bool in_try) {
    if (s == nullptr) return;
    if (in_try) in_try_.insert(s);
    if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(s)) {
      // What is captured by copy is initialised by a use that would look like one of the function's own.
      for (const clang::LambdaCapture& c : lambda->captures()) {
        if (!c.capturesVariable()) continue;
        const auto* v = llvm::dyn_cast<clang::VarDecl>(c.getCapturedVar());
        if (v != nullptr) shared_.insert(v->getCanonicalDecl());
      }
      for (const clang::Expr* init : lambda->capture_inits()) read(init, in_lambda, in_try);
      read(lambda->getBody(), true, in_try);
      return;
    }
    if (const auto* attempt = llvm::dyn_cast<clang::CXXTryStmt>(s)) {
      read(attempt->getTryBlock(), in_lambda, true);
      for (unsigned i = 0; i < attempt->getNumHandlers(); ++i)
        read(attempt->getHandler(i), in_lambda, in_try);
      return;
    }
    if (const auto* o = llvm::dyn_cast<clang::BinaryOperator>(s); o != nullptr && o->isAssignmentOp())
      change(o->getLHS());
    if (const auto* o = llvm::dyn_cast<clang::UnaryOperator>(s)) {
      if (o->isIncrementDecrementOp()) change(o->getSubExpr());
      if (o->getOpcode() == clang::UO_AddrOf && !operands_.contains(o)) give(o->getSubExpr());
    }
    if (const auto* call = llvm::dyn_cast<clang::CallExpr>(s)) read_call(*call);
    if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(s)) read_construction(*made);
    if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(s))
      for (const clang::Decl* d : declared->decls())
        if (const auto* v = llvm::dyn_cast<clang::VarDecl>(d);
            v != nullptr && v->getType()->isReferenceType() && v->getInit() != nullptr)
          give(v->getInit());
    if (const auto* loop = llvm::dyn_cast<clang::CXXForRangeStmt>(s)) {
      // Its hidden reference to the range changes nothing.
      read(loop->getRangeInit(), in_lambda, in_try);
      read(loop->getLoopVarStmt(), in_lambda, in_try);
      read(loop->getBody(), in_lambda, in_try);
      return;
    }
    if (in_lambda)
      if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(s))
        if (const auto* v = llvm::dyn_cast<clang::VarDecl>(use->getDecl()))
          shared_.insert(v->getCanonicalDecl());
    for (const clang::Stmt* child : s->children()) read(child, in_lambda, in_try);
  }

 private:
  // The variable, or the member: another object of its class may be meant, and so may this one.
  void mark_unstable(const object_path& path) {
    if (!path) return;
    if (!path.fields().empty())
      unstable_.insert(path.fields().back());
    else if (path.variable() != nullptr)
      unstable_.insert(path.variable());
  }
  void change(const clang::Expr* e) { mark_unstable(object_path::of(e)); }
  void give(const clang::Expr* e) {
    const object_path path = object_path::of(e);
    if (path.variable() != nullptr) shared_.insert(path.variable());
    mark_unstable(path);
  }
  static bool is_known(type_kind k) {
    return k == type_kind::chan || k == type_kind::wait_group || k == type_kind::err_group ||
           k == type_kind::mutex || k == type_kind::recursive_mutex;
  }
  void give_argument(const clang::Expr* e, clang::QualType parameter) {
    const object_path path = object_path::of(e);
    if (path.variable() != nullptr) shared_.insert(path.variable());
    if (parameter->isRValueReferenceType() ||
        (parameter->isReferenceType() && !parameter.getNonReferenceType().isConstQualified()))
      mark_unstable(path);
  }
  void read_call(const clang::CallExpr& call) {
    const operation o = operation_of(&call);
    const clang::FunctionDecl* f = call.getDirectCallee();
    const bool is_operator = llvm::isa<clang::CXXOperatorCallExpr>(call);
    if (const auto* o = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&call);
        o != nullptr && o->isAssignmentOp())
      change(o->getArg(0));
    const bool is_method_operator = is_operator && llvm::isa_and_nonnull<clang::CXXMethodDecl>(f);
    for (unsigned i = 0; i < call.getNumArgs(); ++i) {
      const bool is_object = is_method_operator && i == 0;
      if (is_object) continue;
      if (o.object == call.getArg(i)) {  // pthread_mutex_lock(&m) gives m to nobody
        operands_.insert(call.getArg(i)->IgnoreParenImpCasts());
        continue;
      }
      const unsigned parameter = is_method_operator ? i - 1 : i;
      give_argument(call.getArg(i), f != nullptr && parameter < f->getNumParams()
                                        ? f->getParamDecl(parameter)->getType()
                                        : call.getArg(i)->getType());
    }
    // A method that we do not know, of a handle or lock.
    if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&call);
        member != nullptr && o.kind == operation_kind::none) {
      const object_path path = object_path::of(member->getImplicitObjectArgument());
      if (path && path.variable() != nullptr &&
          !is_known(kind_of(member->getImplicitObjectArgument()->getType())))
        shared_.insert(path.variable());
    }
  }
  void read_construction(const clang::CXXConstructExpr& made) {
    if (kind_of(made.getType()) == type_kind::guard) return;
    for (unsigned i = 0; i < made.getNumArgs(); ++i)
      give_argument(made.getArg(i), i < made.getConstructor()->getNumParams()
                                        ? made.getConstructor()->getParamDecl(i)->getType()
                                        : made.getArg(i)->getType());
  }

  llvm::SmallPtrSetImpl<const clang::ValueDecl*>& unstable_;
  llvm::SmallPtrSetImpl<const clang::VarDecl*>& shared_;
  llvm::SmallPtrSetImpl<const clang::Stmt*>& in_try_;
  llvm::SmallPtrSet<const clang::Stmt*, 8> operands_;
};

}  // namespace

void function_view::find_uses() {
  if (uses_found_) return;
  uses_found_ = true;
  uses(unstable_, shared_, in_try_).read(&body_, false, llvm::isa<clang::CXXTryStmt>(body_));
}

bool function_view::is_stable(const object_path& path) {
  find_uses();
  return path && (path.variable() == nullptr || !unstable_.contains(path.variable())) &&
         llvm::none_of(path.fields(), [&](const clang::FieldDecl* f) { return unstable_.contains(f); });
}

bool function_view::is_private(const object_path& path) {
  find_uses();
  return is_own(path) && !llvm::isa<clang::ParmVarDecl>(path.variable()) &&
         !shared_.contains(path.variable());
}

bool function_view::is_given_away(const object_path& path) {
  find_uses();
  return path.variable() != nullptr && shared_.contains(path.variable());
}

bool function_view::is_own(const object_path& path) const {
  return path.is_in_local() &&
         path.variable()->getDeclContext() == static_cast<const clang::DeclContext*>(&function_);
}

bool function_view::is_in_try(const clang::Stmt* s) {
  find_uses();
  return in_try_.contains(s);
}

bool function_view::is_mute(const start& s) {
  const std::size_t index = static_cast<std::size_t>(&s - starts().data());
  mute_.resize(starts().size(), -1);
  if (mute_[index] < 0)
    mute_[index] = s.lambda != nullptr && !s.lambda->isGenericLambda() &&
                   effects_.of_all(s.body()) == no_effect && [&] {  // what it holds dies with it
                     for (const clang::FieldDecl* held : s.lambda->getLambdaClass()->fields())
                       if (effects_.of_destroying(held->getType()) != no_effect) return false;
                     return true;
                   }();
  return mute_[index] != 0;
}

bool function_view::may_wait_for(const start& s, const clang::CFGElement& element) {
  const effect e = effects_.of(element);
  if ((e & waits) == 0) return false;
  if (!is_mute(s)) return true;
  // Only the end of such a goroutine can be waited for: by its group, by joining it.
  const auto statement = element.getAs<clang::CFGStmt>();
  const operation o = statement ? operation_of(statement->getStmt()) : operation();
  switch (s.how) {
    case start::way::goroutine:
    case start::way::detached_thread:
      return false;
    case start::way::group:
      if (o.kind == operation_kind::wait || o.kind == operation_kind::go) return true;
      // A function or a destructor, in sight or not, may wait for a group that it can reach.
      return o.kind == operation_kind::none && !(s.group.is_whole_variable() && is_private(s.group));
    case start::way::thread:
      return o.kind == operation_kind::join || o.kind == operation_kind::none;
  }
  return true;
}

const path_states& function_view::pending() {
  if (!pending_) {
    const starts_list& all = starts();
    pending_.emplace(*cfg(), all.size(), [&](const clang::CFGElement& element, std::size_t i) {
      const auto statement = element.getAs<clang::CFGStmt>();
      if (statement && statement->getStmt() == all[i].call) return step::begin;
      return may_wait_for(all[i], element) ? step::end : step::none;
    });
  }
  return *pending_;
}

std::string quoted(const clang::NamedDecl& d) { return "'" + d.getNameAsString() + "'"; }

}  // namespace snag::vet
