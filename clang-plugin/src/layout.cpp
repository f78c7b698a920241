// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/layout.h"

#include <algorithm>

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

std::uint64_t used_bytes(clang::QualType type, const clang::ASTContext& context) {
  const auto all = static_cast<std::uint64_t>(context.getTypeSizeInChars(type).getQuantity());
  if (const clang::ConstantArrayType* const array = context.getAsConstantArrayType(type)) {
    const clang::QualType element = array->getElementType();
    const auto each = static_cast<std::uint64_t>(context.getTypeSizeInChars(element).getQuantity());
    return all == 0 ? 1 : all - each + used_bytes(element, context);
  }
  const clang::RecordDecl* const record = type->getAsRecordDecl();
  const auto* const object = llvm::dyn_cast_or_null<clang::CXXRecordDecl>(record);
  if (record == nullptr || (object != nullptr && object->getNumVBases() != 0)) return all;
  const clang::ASTRecordLayout& layout = context.getASTRecordLayout(record);
  std::uint64_t used = object != nullptr && object->isDynamicClass() ? sizeof(void*) : 1;
  const auto covers = [&](std::uint64_t offset, clang::QualType part) {
    const clang::CXXRecordDecl* const nested = part->getAsCXXRecordDecl();
    if (nested == nullptr || !nested->isEmpty()) used = std::max(used, offset + used_bytes(part, context));
  };
  if (object != nullptr)
    for (const clang::CXXBaseSpecifier& base : object->bases())
      covers(static_cast<std::uint64_t>(
                 layout.getBaseClassOffset(base.getType()->getAsCXXRecordDecl()).getQuantity()),
             base.getType());
  for (const clang::FieldDecl* const field : record->fields()) {
    const std::uint64_t bit = layout.getFieldOffset(field->getFieldIndex());
    if (field->isBitField())
      used = std::max(used, (bit + field->getBitWidthValue(context) + 7) / 8);
    else
      covers(bit / 8, field->getType());
  }
  return std::min(used, all);
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
