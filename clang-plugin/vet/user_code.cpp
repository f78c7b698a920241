// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/vet/user_code.h"

#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/DenseSet.h"

namespace snag::vet {
namespace {

class walk {
 public:
  walk(clang::ASTContext& context, bool system_headers,
       const std::function<void(const user_function&)>& visit)
      : sources_(context.getSourceManager()), system_headers_(system_headers), visit_(visit) {}

  void declarations(const clang::DeclContext& scope) {
    for (const clang::Decl* d : scope.decls()) declaration(d);
  }

 private:
  bool is_users(const clang::Decl& d) const {
    const clang::SourceLocation place = d.getLocation();
    return place.isValid() &&
           (system_headers_ || !sources_.isInSystemHeader(sources_.getExpansionLoc(place)));
  }

  void declaration(const clang::Decl* d) {
    if (d->isInvalidDecl() || d->isImplicit()) return;
    if (llvm::isa<clang::NamespaceDecl, clang::LinkageSpecDecl, clang::ExportDecl>(d)) {
      if (is_users(*d) || llvm::isa<clang::LinkageSpecDecl>(d))
        declarations(*llvm::cast<clang::DeclContext>(d));
      return;
    }
    if (!is_users(*d)) return;
    if (const auto* f = llvm::dyn_cast<clang::FunctionDecl>(d)) {
      function(f);
    } else if (const auto* functions = llvm::dyn_cast<clang::FunctionTemplateDecl>(d)) {
      for (const clang::FunctionDecl* f : functions->specializations()) function(f);
    } else if (const auto* classes = llvm::dyn_cast<clang::ClassTemplateDecl>(d)) {
      for (const clang::ClassTemplateSpecializationDecl* c : classes->specializations()) record(c);
    } else if (const auto* variables = llvm::dyn_cast<clang::VarTemplateDecl>(d)) {
      for (const clang::VarDecl* v : variables->specializations()) expressions(v->getInit());
    } else if (const auto* friends = llvm::dyn_cast<clang::FriendDecl>(d)) {
      if (friends->getFriendDecl() != nullptr) declaration(friends->getFriendDecl());
    } else if (const auto* r = llvm::dyn_cast<clang::CXXRecordDecl>(d)) {
      record(r);
    } else if (const auto* v = llvm::dyn_cast<clang::VarDecl>(d)) {
      if (!v->getDeclContext()->isDependentContext() && v->getDescribedVarTemplate() == nullptr)
        expressions(v->getInit());
    }
  }

  void record(const clang::CXXRecordDecl* r) {
    if (r->isLambda() || r->isDependentContext() || !r->isThisDeclarationADefinition() ||
        !seen_.insert(r).second)
      return;
    for (const clang::Decl* d : r->decls()) {
      declaration(d);
      if (const auto* field = llvm::dyn_cast<clang::FieldDecl>(d))
        expressions(field->getInClassInitializer());
    }
  }

  void function(const clang::FunctionDecl* f) {
    const clang::FunctionDecl* definition = nullptr;
    if (!f->hasBody(definition) || definition == nullptr || definition->isDependentContext()) return;
    if (definition->isInvalidDecl() || definition->isDefaulted() || definition->willHaveBody() ||
        definition->isLateTemplateParsed())
      return;
    if (!seen_.insert(definition).second) return;
    const clang::Stmt* body = definition->getBody();
    if (body == nullptr || llvm::isa<clang::CoroutineBodyStmt>(body)) return;
    ingredients has;
    if (const auto* made = llvm::dyn_cast<clang::CXXConstructorDecl>(definition))
      for (const clang::CXXCtorInitializer* init : made->inits()) read(init->getInit(), nullptr);
    read(body, &has);
    if (has.any()) visit_({definition, body, has});
  }

  // Expressions outside of functions, for their lambdas.
  void expressions(const clang::Stmt* s) { read(s, nullptr); }

  void read(const clang::Stmt* s, ingredients* has) {
    if (s == nullptr) return;
    if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(s)) {
      const clang::CXXMethodDecl* call = lambda->getCallOperator();
      if (const clang::FunctionTemplateDecl* generic = call->getDescribedFunctionTemplate()) {
        for (const clang::FunctionDecl* f : generic->specializations()) function(f);
      } else {
        function(call);
      }
      for (const clang::Expr* init : lambda->capture_inits()) read(init, has);
      return;
    }
    if (has != nullptr) look_at(*s, *has);
    if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(s))
      for (const clang::Decl* d : declared->decls())
        if (llvm::isa<clang::CXXRecordDecl>(d)) declaration(d);
    for (const clang::Stmt* child : s->children()) read(child, has);
  }

  void look_at(const clang::Stmt& s, ingredients& has) {
    if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(&s)) {
      for (const clang::Decl* d : declared->decls())
        if (const auto* v = llvm::dyn_cast<clang::VarDecl>(d);
            v != nullptr && !has.locks && v->getType()->isRecordType())
          has.locks = kind_of(v->getType()) == type_kind::guard;
    } else if (const auto* cast = llvm::dyn_cast<clang::ImplicitCastExpr>(&s)) {
      // Records of C, and unions of both.
      if (cast->getCastKind() == clang::CK_LValueToRValue && cast->getType()->isRecordType())
        has.pthread_objects = true;
    } else if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(&s)) {
      if (made->getConstructor()->isTrivial() && made->getConstructor()->isCopyOrMoveConstructor())
        has.pthread_objects = true;
      else
        note(operation_of(&s), has);
    } else if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&s)) {
      note(operation_of(&s), has);
      const clang::FunctionDecl* f = call->getDirectCallee();
      if (f == nullptr) return;
      if (f->getBuiltinID() != 0 && call->getNumArgs() == 3) has.pthread_objects = true;  // memcpy
      if (llvm::isa<clang::CXXOperatorCallExpr>(call) && f->isTrivial()) has.pthread_objects = true;
      if (!has.contexts && call->getType()->isRecordType())
        has.contexts = kind_of(call->getType()) == type_kind::cancellable;
    }
  }

  static void note(const operation& o, ingredients& has) {
    switch (o.kind) {
      case operation_kind::go:
      case operation_kind::spawn:
        has.starts = true;
        break;
      case operation_kind::send:
      case operation_kind::receive:
      case operation_kind::close:
        has.channels = true;
        break;
      case operation_kind::lock:
      case operation_kind::unlock:
        has.locks = true;
        break;
      default:
        break;
    }
  }

  const clang::SourceManager& sources_;
  const bool system_headers_;
  const std::function<void(const user_function&)>& visit_;
  llvm::DenseSet<const clang::Decl*> seen_;
};

}  // namespace

void for_each_user_function(clang::ASTContext& context, bool system_headers,
                            const std::function<void(const user_function&)>& visit) {
  walk(context, system_headers, visit).declarations(*context.getTranslationUnitDecl());
}

}  // namespace snag::vet
