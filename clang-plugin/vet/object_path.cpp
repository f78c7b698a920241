// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/vet/object_path.h"

#include "clang/AST/ExprCXX.h"

namespace snag::vet {

object_path object_path::of(const clang::VarDecl& variable) {
  object_path path;
  path.known_ = true;
  path.variable_ = variable.getCanonicalDecl();
  path.indirect_ = variable.getType()->isReferenceType();
  return path;
}

object_path object_path::of(const clang::Expr* e) {
  if (e == nullptr) return {};
  e = e->IgnoreParenImpCasts();
  if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(e)) {
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(use->getDecl());
    return variable != nullptr ? of(*variable) : object_path();
  }
  if (llvm::isa<clang::CXXThisExpr>(e)) {
    object_path path;
    path.known_ = true;
    return path;
  }
  if (const auto* taken = llvm::dyn_cast<clang::UnaryOperator>(e)) {
    if (taken->getOpcode() == clang::UO_Deref) return pointed_to(taken->getSubExpr());
    return {};
  }
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(e)) {
    const auto* field = llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl());
    if (field == nullptr) return {};
    object_path path = of(member->getBase());
    if (!path.known_) return {};
    if (member->isArrow() && path.variable_ != nullptr) path.indirect_ = true;
    path.fields_.push_back(field->getCanonicalDecl());
    return path;
  }
  return {};
}

bool object_path::is_in_local() const {
  return known_ && variable_ != nullptr && !indirect_ && variable_->hasLocalStorage();
}

object_path object_path::pointed_to(const clang::Expr* pointer) {
  if (pointer == nullptr) return {};
  pointer = pointer->IgnoreParenImpCasts();
  if (const auto* taken = llvm::dyn_cast<clang::UnaryOperator>(pointer);
      taken != nullptr && taken->getOpcode() == clang::UO_AddrOf)
    return of(taken->getSubExpr());
  object_path path = of(pointer);
  path.indirect_ = path.indirect_ || path.variable_ != nullptr;
  return path;
}

std::string object_path::text() const {
  std::string result = variable_ != nullptr ? variable_->getNameAsString() : "";
  const char* separator =
      indirect_ && variable_ != nullptr && variable_->getType()->isPointerType() ? "->" : ".";
  for (const clang::FieldDecl* field : fields_) {
    if (!result.empty()) result += separator;
    result += field->getNameAsString();
    separator = ".";
  }
  return result.empty() ? "*this" : result;
}

}  // namespace snag::vet
