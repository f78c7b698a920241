// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/vet/operation.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/StringSwitch.h"

namespace snag::vet {
namespace {

operation_kind method(type_kind type, llvm::StringRef name) {
  using enum operation_kind;
  switch (type) {
    case type_kind::chan:
      return llvm::StringSwitch<operation_kind>(name)
          .Case("send", send)
          .Cases("recv", "next", "begin", receive)
          .Case("close", close)
          .Default(none);
    case type_kind::wait_group:
    case type_kind::err_group:
      return llvm::StringSwitch<operation_kind>(name)
          .Cases("go", "try_go", go)
          .Case("add", add)
          .Case("done", done)
          .Case("wait", wait)
          .Default(none);
    case type_kind::mutex:
    case type_kind::recursive_mutex:
      return llvm::StringSwitch<operation_kind>(name)
          .Case("lock", lock)
          .Cases("unlock", "unlock_shared", unlock)
          .Default(none);
    case type_kind::thread:
    case type_kind::joining_thread:
      return llvm::StringSwitch<operation_kind>(name).Case("join", join).Case("detach", detach).Default(none);
    default:
      return none;
  }
}

operation of_member_call(const clang::CXXMemberCallExpr& call) {
  const clang::CXXMethodDecl* called = call.getMethodDecl();
  const clang::Expr* object = call.getImplicitObjectArgument();
  if (called == nullptr || object == nullptr) return {};
  const type_kind type = kind_of(called->getParent());
  const operation_kind kind = method(type, word_name(*called));
  if (kind != operation_kind::none) {
    const bool pointer = object->getType()->isPointerType();
    return {kind, object, pointer ? object_path::pointed_to(object) : object_path::of(object), type};
  }
  // std::vector<std::thread>::emplace_back(f): a thread is made.
  if (word_name(*called) == "emplace_back" && is_in_standard_library(called) && call.getNumArgs() > 0) {
    const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(called->getParent());
    if (instance != nullptr && instance->getTemplateArgs().size() > 0 &&
        instance->getTemplateArgs()[0].getKind() == clang::TemplateArgument::Type) {
      const type_kind made = kind_of(instance->getTemplateArgs()[0].getAsType());
      if ((made == type_kind::thread || made == type_kind::joining_thread) &&
          kind_of(call.getArg(0)->getType()) != made)
        return {operation_kind::spawn, nullptr, {}, made};
    }
  }
  return {};
}

operation of_operator_call(const clang::CXXOperatorCallExpr& call) {
  const auto* called = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(call.getDirectCallee());
  if (called == nullptr || call.getNumArgs() == 0 || kind_of(called->getParent()) != type_kind::chan)
    return {};
  if (call.getOperator() == clang::OO_LessLess)
    return {operation_kind::send, call.getArg(0), object_path::of(call.getArg(0)), type_kind::chan};
  if (call.getOperator() == clang::OO_PlusPlus)
    return {operation_kind::receive, nullptr, {}, type_kind::chan};
  return {};
}

operation of_function_call(const clang::CallExpr& call) {
  const clang::FunctionDecl* called = call.getDirectCallee();
  if (called == nullptr || called->getIdentifier() == nullptr) return {};
  if (called->getName() == "go" && is_in_snag(called) && call.getNumArgs() > 0)
    return {operation_kind::go, nullptr, {}, type_kind::other};
  if (call.getNumArgs() != 1 || !called->isExternC()) return {};
  const operation_kind kind = llvm::StringSwitch<operation_kind>(called->getName())
                                  .Case("pthread_mutex_lock", operation_kind::lock)
                                  .Case("pthread_mutex_unlock", operation_kind::unlock)
                                  .Default(operation_kind::none);
  if (kind == operation_kind::none) return {};
  // What pthread_mutex_init was told of it is not seen here: it may be recursive.
  return {kind, call.getArg(0), object_path::pointed_to(call.getArg(0)), type_kind::recursive_mutex};
}

}  // namespace

llvm::StringRef word_name(const clang::FunctionDecl& f) {
  return f.getDeclName().isIdentifier() ? f.getName() : llvm::StringRef();
}

const clang::FunctionDecl* callee_of(const clang::Stmt* s) {
  if (const auto* call = llvm::dyn_cast_or_null<clang::CallExpr>(s)) return call->getDirectCallee();
  if (const auto* made = llvm::dyn_cast_or_null<clang::CXXConstructExpr>(s)) return made->getConstructor();
  return nullptr;
}

llvm::StringRef c_function_name(const clang::FunctionDecl* f, const clang::SourceManager& sources) {
  if (f == nullptr || !f->getDeclName().isIdentifier() || !f->isExternC()) return {};
  if (f->getBuiltinID() == 0 && !sources.isInSystemHeader(f->getCanonicalDecl()->getLocation())) return {};
  return f->getName();
}

operation operation_of(const clang::Stmt* s) {
  if (s == nullptr) return {};
  if (const auto* call = llvm::dyn_cast<clang::CXXMemberCallExpr>(s)) return of_member_call(*call);
  if (const auto* call = llvm::dyn_cast<clang::CXXOperatorCallExpr>(s)) return of_operator_call(*call);
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(s)) return of_function_call(*call);
  if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(s)) {
    const type_kind type = kind_of(made->getConstructor()->getParent());
    if ((type == type_kind::thread || type == type_kind::joining_thread) && made->getNumArgs() > 0 &&
        !made->getConstructor()->isCopyOrMoveConstructor())
      return {operation_kind::spawn, nullptr, {}, type};
  }
  return {};
}

}  // namespace snag::vet
