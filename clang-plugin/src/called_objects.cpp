// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/called_objects.h"

#include "clang-plugin/src/function_facts.h"
#include "clang-plugin/src/layout.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace snag::plugin {
namespace {

using clang::Expr;

bool keeps_the_object(clang::CastKind kind) {
  return kind == clang::CK_NoOp || kind == clang::CK_DerivedToBase ||
         kind == clang::CK_UncheckedDerivedToBase;
}

const Expr* without_implicit_casts(const Expr* e) {
  for (;;) {
    e = without_wrappers(e);
    const auto* cast = llvm::dyn_cast<clang::ImplicitCastExpr>(e);
    if (cast == nullptr || !keeps_the_object(cast->getCastKind())) return e;
    e = cast->getSubExpr();
  }
}

bool is_record(const Expr* e) { return e->getType().getNonReferenceType()->isRecordType(); }

const clang::FunctionDecl* callee_of(const Expr& e) {
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&e)) return call->getDirectCallee();
  if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(&e)) return made->getConstructor();
  return nullptr;
}

// Of functions that the user wrote reports show what happens within.
bool is_library(const clang::FunctionDecl& f, const clang::ASTContext& context) {
  return f.isDefaulted() || context.getSourceManager().isInSystemHeader(f.getLocation()) ||
         is_runtime_header_function(f);
}

// Whether it cannot change what it is called with.
bool only_reads(const clang::ParmVarDecl& parameter) {
  const clang::QualType type = parameter.getType();
  if (type->isLValueReferenceType() || type->isPointerType())
    return type->getPointeeType().isConstQualified();
  return !type->isReferenceType() && !type->isRecordType();
}

bool is_guard(const clang::CXXRecordDecl* record) {
  return record != nullptr && record->isInStdNamespace() && record->getIdentifier() != nullptr &&
         llvm::is_contained({"lock_guard", "unique_lock", "shared_lock", "scoped_lock"}, record->getName());
}

bool is_condition(const clang::CXXRecordDecl* record) {
  return record != nullptr && record->isInStdNamespace() && record->getIdentifier() != nullptr &&
         record->getName().starts_with("condition_variable");
}

// The arguments of a guard's constructor or of std::lock that are mutexes or guards, not tags such as
// std::defer_lock or times.
template <class Call>
llvm::SmallVector<const Expr*, 2> mutexes_of(const Call& guard) {
  llvm::SmallVector<const Expr*, 2> out;
  for (const Expr* argument : guard.arguments()) {
    argument = without_implicit_casts(argument);
    if (argument->isLValue() && is_record(argument) && !argument->getType().isConstQualified())
      out.push_back(argument);
  }
  return out;
}

bool is_shift(const clang::CXXOperatorCallExpr& e) {
  return e.getOperator() == clang::OO_LessLess || e.getOperator() == clang::OO_GreaterGreater;
}

// `out` of out << a << b.
const Expr* head_of_chain(const clang::CXXOperatorCallExpr& e) {
  const Expr* head = without_implicit_casts(e.getArg(0));
  while (const auto* before = llvm::dyn_cast<clang::CXXOperatorCallExpr>(head)) {
    if (!is_shift(e) || before->getOperator() != e.getOperator()) break;
    head = without_implicit_casts(before->getArg(0));
  }
  return head;
}

}  // namespace

// Also of what stands for a bit of a bitset or a std::vector<bool>: these.
called_object called_objects::designated(const Expr* e) const {
  e = without_implicit_casts(e);
  if (const auto* made = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(e))
    if (const auto* bit =
            llvm::dyn_cast<clang::CXXOperatorCallExpr>(without_implicit_casts(made->getSubExpr()));
        bit != nullptr && bit->getOperator() == clang::OO_Subscript)
      e = without_implicit_casts(bit->getArg(0));
  if (!e->isGLValue() || llvm::isa<clang::MaterializeTemporaryExpr>(e) || e->isInstantiationDependent())
    return {};
  called_object out;
  out.names = namer_.object(*e).names;
  const clang::QualType type = e->getType();
  if (!type->isIncompleteType() && !type->isFunctionType())
    out.size = static_cast<std::uint64_t>(printer_.context().getTypeSizeInChars(type).getQuantity());
  return out;
}

called_object called_objects::behind(const Expr* pointer) const {
  const Expr* e = without_implicit_casts(pointer);
  if (!e->getType()->isPointerType()) return {};
  if (const auto* address = llvm::dyn_cast<clang::UnaryOperator>(e);
      address && address->getOpcode() == clang::UO_AddrOf)
    return designated(address->getSubExpr());
  if (const auto* load = llvm::dyn_cast<clang::ImplicitCastExpr>(e)) {
    if (load->getCastKind() != clang::CK_LValueToRValue) return {};
    e = without_wrappers(load->getSubExpr());
  }
  called_object out;
  out.names = namer_.pointee(*pointer).names;
  const auto* arrow = llvm::dyn_cast<clang::CXXOperatorCallExpr>(e);
  const bool smart = arrow != nullptr && arrow->getOperator() == clang::OO_Arrow;
  const llvm::StringRef text = namer_.text(smart ? *arrow->getArg(0) : *e);
  const bool plain = !text.contains(' ') && !text.contains('*');
  out.names.expression = printer_.save(plain ? "*" + text : "*(" + text + ")");
  if (text.empty()) return {};
  const clang::QualType type = pointer->getType()->getPointeeType();
  if (!type->isIncompleteType() && !type->isFunctionType())
    out.size = static_cast<std::uint64_t>(printer_.context().getTypeSizeInChars(type).getQuantity());
  return out;
}

// One of several, and nothing says which.
called_object called_objects::either(llvm::ArrayRef<const Expr*> mutexes) const {
  called_object out;
  for (const Expr* e : mutexes) {
    const called_object one = is_guard(e->getType()->getAsCXXRecordDecl()) ? mutex_of(e) : designated(e);
    if (mutexes.size() == 1) return one;
    const llvm::StringRef before = out.names.expression;
    out.names.expression =
        before.empty() ? one.names.expression : printer_.save(before + " or " + one.names.expression);
    out.size = one.size;
  }
  out.kind = called_object::use::lock;
  return out;
}

called_object called_objects::mutex_of(const Expr* guard) const {
  guard = without_implicit_casts(guard);
  called_object out;
  if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(guard))
    if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(use->getDecl()))
      if (const Expr* init = variable->getInit())
        if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(without_wrappers(init));
            made != nullptr && is_guard(made->getConstructor()->getParent()))
          out = either(mutexes_of(*made));
  if (out.names.expression.empty())
    out.names.expression = printer_.save("*" + namer_.text(*guard) + ".mutex()");
  out.kind = called_object::use::lock;
  return out;
}

void called_objects::of_construction(const clang::CXXConstructExpr& e, source_call& call) const {
  if (is_guard(e.getConstructor()->getParent()))
    call.object = either(mutexes_of(e));
  else if (e.getConstructor()->isCopyOrMoveConstructor() && e.getNumArgs() > 0)
    call.object = designated(e.getArg(0));
}

void called_objects::of_member_call(const clang::CXXMemberCallExpr& e, source_call& call) const {
  const Expr* object = e.getImplicitObjectArgument();
  if (object == nullptr) return;
  if (is_guard(e.getRecordDecl()))
    call.object = mutex_of(object);
  else if (is_condition(e.getRecordDecl()) && e.getNumArgs() > 0)
    call.object = mutex_of(e.getArg(0));  // which it takes again
  else
    call.object = object->getType()->isPointerType() ? behind(object) : designated(object);
}

void called_objects::of_operator(const clang::CXXOperatorCallExpr& e, source_call& call) const {
  if (e.getNumArgs() == 0) return;
  const Expr* object = head_of_chain(e);
  if (!is_record(object) && e.getNumArgs() > 1) object = e.getArg(1);
  if (is_record(object)) call.object = designated(object);
  if (e.getOperator() == clang::OO_GreaterGreater && e.getNumArgs() > 1)
    call.argument = designated(e.getArg(1));
}

void called_objects::of_function(const clang::CallExpr& e, const clang::FunctionDecl& callee,
                                 source_call& call) const {
  if (callee.getIdentifier() == nullptr) return;
  if (callee.isInStdNamespace() && (callee.getName() == "lock" || callee.getName() == "try_lock")) {
    call.object = either(mutexes_of(e));
    call.object.kind = called_object::use::lock;
  }
  if (!callee.isExternC()) return;
  const llvm::StringRef name = callee.getName();
  const bool condition = name.starts_with("pthread_cond_") && name.ends_with("wait");
  const bool lock = name.starts_with("pthread_mutex_") || name.starts_with("pthread_rwlock_") ||
                    name.starts_with("pthread_spin_") || name.starts_with("mtx_");
  const unsigned at = condition ? 1 : 0;
  if ((!lock && !condition) || e.getNumArgs() <= at) return;
  call.object = behind(e.getArg(at));
  call.object.kind = called_object::use::lock;
}

void called_objects::find(const Expr& e, source_call& call) const {
  if (namer_.in_unwritten_function()) {
    call.object.names.expression = "*this";
    call.object.kind = called_object::use::unwritten;
    return;
  }
  const clang::FunctionDecl* callee = callee_of(e);
  if (callee == nullptr || !is_library(*callee, printer_.context())) return;
  if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(&e))
    of_construction(*made, call);
  else if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&e))
    of_member_call(*member, call);
  else if (const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&e))
    of_operator(*operation, call);
  else
    of_function(llvm::cast<clang::CallExpr>(e), *callee, call);
  if (call.object.kind != called_object::use::object) return;
  const bool member =
      llvm::isa<clang::CXXMethodDecl>(callee) && !llvm::isa<clang::CXXConstructorDecl>(callee);
  if (member && llvm::all_of(callee->parameters(), [](const auto* p) { return only_reads(*p); }))
    call.object.kind = called_object::use::sole;
}

}  // namespace snag::plugin
