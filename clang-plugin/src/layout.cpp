// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/layout.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecordLayout.h"

namespace snag::plugin {

std::int64_t add(std::int64_t a, std::int64_t b) {
  return a == unknown_offset || b == unknown_offset ? unknown_offset : a + b;
}

namespace {
const clang::CXXRecordDecl* class_of(clang::QualType type) {
  if (type->isPointerType()) type = type->getPointeeType();
  return type->getAsCXXRecordDecl();
}
}  // namespace

std::int64_t base_offset(const clang::CastExpr& cast, const clang::ASTContext& context) {
  const clang::CXXRecordDecl* derived = class_of(cast.getSubExpr()->getType());
  std::int64_t offset = 0;
  for (const clang::CXXBaseSpecifier* step : cast.path()) {
    const clang::CXXRecordDecl* base = step->getType()->getAsCXXRecordDecl();
    if (derived == nullptr || base == nullptr || step->isVirtual() || !derived->isCompleteDefinition())
      return unknown_offset;
    offset += context.getASTRecordLayout(derived).getBaseClassOffset(base).getQuantity();
    derived = base;
  }
  return offset;
}

std::int64_t field_offset(const clang::FieldDecl& field, const clang::ASTContext& context) {
  const clang::RecordDecl* record = field.getParent();
  if (!record->isCompleteDefinition() || record->isInvalidDecl() || record->isDependentType())
    return unknown_offset;
  return static_cast<std::int64_t>(context.getASTRecordLayout(record).getFieldOffset(field.getFieldIndex()) /
                                   8);
}

bool moves_to_base(clang::CastKind kind) {
  return kind == clang::CK_DerivedToBase || kind == clang::CK_UncheckedDerivedToBase;
}

const clang::Expr* without_wrappers(const clang::Expr* e) {
  for (;;) {
    const clang::Expr* before = e;
    e = e->IgnoreParens();
    if (const auto* full = llvm::dyn_cast<clang::FullExpr>(e))
      e = full->getSubExpr();
    else if (const auto* bound = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(e))
      e = bound->getSubExpr();
    else if (const auto* opaque = llvm::dyn_cast<clang::OpaqueValueExpr>(e);
             opaque && opaque->getSourceExpr())
      e = opaque->getSourceExpr();
    else if (const auto* parameter = llvm::dyn_cast<clang::SubstNonTypeTemplateParmExpr>(e))
      e = parameter->getReplacement();
    if (e == before) return e;
  }
}

}  // namespace snag::plugin
