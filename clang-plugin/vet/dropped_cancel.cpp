// SPDX-License-Identifier: Apache-2.0
// cancel-dropped: the context that snag::with_cancel and its kin made is kept, and the function that cancels
// it is a temporary or a variable that ends first. Its end cancels the context: what is kept is cancelled
// from the start.
#include "clang-plugin/vet/check.h"
#include "clang-plugin/vet/function_view.h"
#include "clang/AST/ASTContext.h"
#include "clang/Lex/Lexer.h"

namespace snag::vet {
namespace {

// The call that made the temporary of whose members `e` is the context; null if it is something else.
const clang::Expr* made_for_context(const clang::Expr* e) {
  if (e == nullptr) return nullptr;
  e = e->IgnoreImplicit()->IgnoreParenImpCasts();
  if (const auto* copy = llvm::dyn_cast<clang::CXXConstructExpr>(e);
      copy != nullptr && copy->getNumArgs() == 1 && copy->getConstructor()->isCopyOrMoveConstructor())
    e = copy->getArg(0)->IgnoreParenImpCasts();
  const auto* member = llvm::dyn_cast<clang::MemberExpr>(e);
  if (member == nullptr || member->isArrow()) return nullptr;
  if (kind_of(member->getType()) != type_kind::snag_handle ||
      kind_of(member->getBase()->getType()) != type_kind::cancellable)
    return nullptr;
  if (member->getMemberDecl()->getName() != "ctx") return nullptr;
  const clang::Expr* base = member->getBase()->IgnoreParenImpCasts();
  if (const auto* temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(base)) {
    if (temporary->getStorageDuration() != clang::SD_FullExpression) return nullptr;
    base = temporary->getSubExpr();
  } else if (!base->isPRValue()) {
    return nullptr;
  }
  base = base->IgnoreImplicit();
  return llvm::isa<clang::CallExpr>(base) ? base : nullptr;
}

void tell(findings& found, clang::SourceLocation place, const char* what) {
  found.push_back({"cancel-dropped", place,
                   std::string("the function that cancels this context ends ") + what +
                       ", which cancels the context: keep both, as in auto [ctx, cancel] = …"});
}

bool is_name_used(const function_view& view, llvm::StringRef name) {
  bool used = false;
  for_each_statement_deeply(&view.body(), [&](const clang::Stmt& s) {
    if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(&s))
      used = used || use->getNameInfo().getAsString() == name;
    if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(&s))
      used = used || member->getMemberNameInfo().getAsString() == name;
    if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(&s))
      for (const clang::Decl* d : declared->decls())
        if (const auto* n = llvm::dyn_cast<clang::NamedDecl>(d)) used = used || n->getNameAsString() == name;
  });
  for (const clang::ParmVarDecl* p : view.function().parameters()) used = used || p->getName() == name;
  return used;
}

// auto ctx = with_cancel(parent).ctx;   becomes   auto [ctx, cancel] = with_cancel(parent);
void mend(function_view& view, const clang::DeclStmt& declared, const clang::VarDecl& v,
          const clang::Expr& call, finding& f) {
  if (!declared.isSingleDecl() || v.getLocation().isMacroID() || call.getBeginLoc().isMacroID() ||
      is_name_used(view, "cancel"))
    return;
  if (v.getTypeSourceInfo()->getType()->getContainedAutoType() == nullptr || v.getType()->isReferenceType())
    return;
  // In a lambda, what is bound by a structured binding can only be captured since C++20, and not by every
  // clang.
  bool in_lambda = false;
  for_each_statement(&view.body(), [&](const clang::Stmt& s) {
    if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(&s))
      for (const clang::LambdaCapture& c : lambda->captures())
        in_lambda = in_lambda || (c.capturesVariable() && c.getCapturedVar() == &v);
  });
  const clang::SourceManager& sources = view.context().getSourceManager();
  const clang::SourceLocation end =
      clang::Lexer::getLocForEndOfToken(call.getEndLoc(), 0, sources, view.context().getLangOpts());
  const clang::SourceLocation last =
      clang::Lexer::getLocForEndOfToken(v.getEndLoc(), 0, sources, view.context().getLangOpts());
  if (in_lambda || end.isInvalid() || last.isInvalid()) return;
  f.edits.push_back(
      clang::FixItHint::CreateReplacement(v.getLocation(), "[" + v.getNameAsString() + ", cancel]"));
  f.edits.push_back(clang::FixItHint::CreateRemoval(clang::CharSourceRange::getCharRange(end, last)));
}

// return ctx; of `auto [ctx, cancel] = with_cancel(parent);` where cancel is not used at all.
void look_at_return(function_view& view, const clang::ReturnStmt& r, findings& found) {
  const clang::Expr* value = r.getRetValue();
  if (value == nullptr) return;
  value = value->IgnoreImplicit()->IgnoreParenImpCasts();
  if (const auto* copy = llvm::dyn_cast<clang::CXXConstructExpr>(value);
      copy != nullptr && copy->getNumArgs() == 1)
    value = copy->getArg(0)->IgnoreParenImpCasts();
  const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(value);
  const auto* bound = use != nullptr ? llvm::dyn_cast<clang::BindingDecl>(use->getDecl()) : nullptr;
  if (bound == nullptr || kind_of(bound->getType()) != type_kind::snag_handle) return;
  const auto* whole = llvm::dyn_cast<clang::DecompositionDecl>(bound->getDecomposedDecl());
  if (whole == nullptr || whole->getType()->isReferenceType() ||
      kind_of(whole->getType()) != type_kind::cancellable)
    return;
  if (!whole->hasLocalStorage() || whole->bindings().size() != 2 || whole->bindings()[0] != bound) return;
  const clang::BindingDecl* cancel = whole->bindings()[1];
  bool used = false;
  for_each_statement_deeply(&view.body(), [&](const clang::Stmt& s) {
    if (const auto* other = llvm::dyn_cast<clang::DeclRefExpr>(&s)) used = used || other->getDecl() == cancel;
    if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(&s))
      for (const clang::LambdaCapture& c : lambda->captures())
        used = used || (c.capturesVariable() && c.getCapturedVar() == cancel);
  });
  if (!used) tell(found, r.getBeginLoc(), "with this function");
}

}  // namespace

void check_dropped_cancels(function_view& view, findings& found) {
  if (!view.has().contexts) return;
  for_each_statement(&view.body(), [&](const clang::Stmt& s) {
    if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(&s)) {
      for (const clang::Decl* d : declared->decls())
        if (const auto* v = llvm::dyn_cast<clang::VarDecl>(d);
            v != nullptr && !v->getType()->isReferenceType())
          if (const clang::Expr* call = made_for_context(v->getInit())) {
            tell(found, v->getLocation(), "with this statement");
            mend(view, *declared, *v, *call, found.back());
          }
    } else if (const auto* r = llvm::dyn_cast<clang::ReturnStmt>(&s)) {
      if (r->getRetValue() != nullptr && made_for_context(r->getRetValue()) != nullptr)
        tell(found, r->getBeginLoc(), "with this statement");
      look_at_return(view, *r, found);
    } else if (const auto* assigned = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&s);
               assigned != nullptr && assigned->getOperator() == clang::OO_Equal &&
               assigned->getNumArgs() == 2) {
      const clang::Expr* value = assigned->getArg(1);
      if (const auto* t = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(value->IgnoreParenImpCasts()))
        value = t->getSubExpr();
      if (made_for_context(value) != nullptr) tell(found, s.getBeginLoc(), "with this statement");
    }
  });
  for (const start& s : view.starts()) {
    if (s.lambda == nullptr) continue;
    for (const clang::LambdaCapture& c : s.lambda->captures())
      if (c.capturesVariable())
        if (const auto* v = llvm::dyn_cast<clang::VarDecl>(c.getCapturedVar());
            v != nullptr && v->isInitCapture() && made_for_context(v->getInit()) != nullptr)
          tell(found, v->getLocation(), "with this statement");
  }
}

}  // namespace snag::vet
