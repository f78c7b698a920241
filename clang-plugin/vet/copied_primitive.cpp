// SPDX-License-Identifier: Apache-2.0
// primitive-copied: a lock, condition variable or semaphore is copied as bytes: a pthread_mutex_t by
// assignment, by value or inside a struct, or anything that holds a mutex by memcpy. POSIX: what refers to a
// copy is undefined.
#include "clang-plugin/vet/check.h"
#include "clang-plugin/vet/function_view.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/StringSwitch.h"

namespace snag::vet {
namespace {

bool is_pthread_object(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases("pthread_mutex_t", "pthread_cond_t", "pthread_rwlock_t", "pthread_barrier_t", "sem_t", true)
      .Cases("mtx_t", "cnd_t", true)
      .Default(false);
}

// The name of the primitive that the type is or holds; empty if it holds none. `opaque` counts those of C++
// too.
std::string primitive_in(clang::QualType type, bool classes, unsigned depth = 0) {
  if (type.isNull() || depth > 5) return {};
  for (clang::QualType t = type; const auto* named = t->getAs<clang::TypedefType>(); t = named->desugar())
    if (is_pthread_object(named->getDecl()->getName())) return named->getDecl()->getNameAsString();
  if (const clang::ArrayType* array = type->getAsArrayTypeUnsafe())
    return primitive_in(array->getElementType(), classes, depth + 1);
  const clang::RecordDecl* record = type->getAsRecordDecl();
  if (record == nullptr || record->getDefinition() == nullptr) return {};
  record = record->getDefinition();
  if (const clang::TypedefNameDecl* named = record->getTypedefNameForAnonDecl();
      named != nullptr && is_pthread_object(named->getName()))
    return named->getNameAsString();
  if (const auto* c = llvm::dyn_cast<clang::CXXRecordDecl>(record)) {
    const type_kind kind = kind_of(c);
    if (kind == type_kind::mutex || kind == type_kind::recursive_mutex)
      return classes ? c->getQualifiedNameAsString() : std::string();
    if (is_in_standard_library(c) || is_in_snag(c)) return {};  // these look after themselves
    for (const clang::CXXBaseSpecifier& base : c->bases())
      if (std::string name = primitive_in(base.getType(), classes, depth + 1); !name.empty()) return name;
  }
  for (const clang::FieldDecl* field : record->fields())
    if (std::string name = primitive_in(field->getType(), classes, depth + 1); !name.empty()) return name;
  return {};
}

// A constant is a pattern for new ones, as PTHREAD_MUTEX_INITIALIZER is, and was never used as a lock. What
// is returned goes on living elsewhere.
bool is_pattern(const clang::Expr* source) {
  const clang::Expr* e = source->IgnoreParenImpCasts();
  if (e->getType().isConstQualified() || llvm::isa<clang::CompoundLiteralExpr>(e)) return true;
  const object_path path = object_path::of(e);
  return path && path.variable() != nullptr && path.variable()->getType().isConstQualified();
}

class search {
 public:
  search(function_view& view, findings& found) : view_(view), found_(found) {}

  void read(const clang::Stmt* s, bool returned) {
    if (s == nullptr) return;
    if (llvm::isa<clang::ReturnStmt>(s)) returned = true;
    look_at(*s, returned);
    if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(s)) {
      for (const clang::Expr* init : lambda->capture_inits()) read(init, false);
      return;
    }
    for (const clang::Stmt* child : s->children()) read(child, returned && !llvm::isa<clang::CallExpr>(s));
  }

 private:
  void look_at(const clang::Stmt& s, bool returned) {
    if (const auto* cast = llvm::dyn_cast<clang::ImplicitCastExpr>(&s);
        cast != nullptr && cast->getCastKind() == clang::CK_LValueToRValue && !returned) {
      tell(*cast->getSubExpr());  // C, and scalars in C++
    } else if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(&s);
               made != nullptr && made->getNumArgs() == 1 &&
               made->getConstructor()->isCopyOrMoveConstructor() && made->getConstructor()->isTrivial() &&
               made->getArg(0)->isLValue() && !returned) {
      tell(*made->getArg(0));
    } else if (const auto* assigned = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&s);
               assigned != nullptr && assigned->getOperator() == clang::OO_Equal &&
               assigned->getNumArgs() == 2) {
      const auto* m = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(assigned->getDirectCallee());
      if (m != nullptr && m->isTrivial() && assigned->getArg(1)->isLValue()) tell(*assigned->getArg(1));
    } else if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&s);
               call != nullptr && call->getNumArgs() == 3) {
      const llvm::StringRef name =
          c_function_name(call->getDirectCallee(), view_.context().getSourceManager());
      if (name == "memcpy" || name == "memmove" || name == "__builtin_memcpy") tell_of_bytes(*call, name);
    }
  }

  void tell(const clang::Expr& source) {
    if (is_pattern(&source)) return;
    const std::string name = primitive_in(source.getType(), false);
    if (name.empty()) return;
    found_.push_back(
        {"primitive-copied", source.getExprLoc(),
         "this copies a " + name + ": using a copy is undefined; pass a pointer or a reference"});
  }

  void tell_of_bytes(const clang::CallExpr& call, llvm::StringRef function) {
    const clang::Expr* source = call.getArg(1)->IgnoreParenCasts();
    if (!source->getType()->isPointerType()) return;
    const clang::QualType pointee = source->getType()->getPointeeType();
    if (pointee.isConstQualified()) return;
    // The whole of it: sizeof(the type), perhaps times something.
    bool whole = false;
    for_each_statement(call.getArg(2), [&](const clang::Stmt& part) {
      if (const auto* size = llvm::dyn_cast<clang::UnaryExprOrTypeTraitExpr>(&part);
          size != nullptr && size->getKind() == clang::UETT_SizeOf)
        whole = whole || view_.context().hasSameUnqualifiedType(size->getTypeOfArgument(), pointee);
    });
    const std::string name = whole ? primitive_in(pointee, true) : std::string();
    if (name.empty()) return;
    found_.push_back({"primitive-copied", call.getBeginLoc(),
                      function.str() + " copies a " + name + ": using a copy is undefined"});
  }

  function_view& view_;
  findings& found_;
};

}  // namespace

void check_copied_primitives(function_view& view, findings& found) {
  if (view.has().pthread_objects) search(view, found).read(&view.body(), false);
}

}  // namespace snag::vet
