// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/record_fields.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/RecordLayout.h"

namespace snag::plugin {
namespace {

constexpr std::size_t most_fields = 256;
constexpr unsigned deepest = 4;

bool has_layout(const clang::RecordDecl* r) {
  return r != nullptr && r->isCompleteDefinition() && !r->isInvalidDecl() && !r->isDependentType();
}

}  // namespace

const source_record* record_fields::of(const clang::CXXRecordDecl* record) {
  record = record == nullptr ? nullptr : record->getDefinition();
  if (!has_layout(record)) return nullptr;
  const auto [entry, added] = known_.try_emplace(record, nullptr);
  if (!added) return entry->second;
  source_record& fields = printer_.tables().add_record();
  entry->second = &fields;
  if (record->isLambda())
    flatten_closure(*record, fields);
  else
    flatten(*record, 0, 0, fields);
  return &fields;
}

void record_fields::flatten(const clang::RecordDecl& record, std::uint64_t offset, unsigned depth,
                            source_record& out) const {
  const clang::ASTContext& context = printer_.context();
  const clang::ASTRecordLayout& layout = context.getASTRecordLayout(&record);
  if (const auto* derived = llvm::dyn_cast<clang::CXXRecordDecl>(&record))
    for (const clang::CXXBaseSpecifier& base : derived->bases()) {
      const clang::CXXRecordDecl* base_record = base.getType()->getAsCXXRecordDecl();
      if (base.isVirtual() || !has_layout(base_record) || depth == deepest) continue;
      flatten(*base_record,
              offset + static_cast<std::uint64_t>(layout.getBaseClassOffset(base_record).getQuantity()),
              depth + 1, out);
    }
  for (const clang::FieldDecl* field : record.fields()) {
    if (out.size() >= most_fields) return;
    const clang::QualType type = field->getType();
    if (type->isIncompleteType() || field->isBitField()) continue;
    source_field entry;
    entry.offset = offset + layout.getFieldOffset(field->getFieldIndex()) / 8;
    entry.size = type->isReferenceType()
                     ? 8
                     : static_cast<std::uint64_t>(context.getTypeSizeInChars(type).getQuantity());
    entry.reference = type->isReferenceType();
    if (!field->getDeclName().isEmpty()) entry.names = namer_.variable(*field);
    entry.names.expression = {};
    if (!entry.names.variable.empty()) out.push_back(entry);
    const clang::RecordDecl* nested = type->getAsRecordDecl();
    if (has_layout(nested) && depth < deepest) flatten(*nested, entry.offset, depth + 1, out);
  }
}

void record_fields::flatten_closure(const clang::CXXRecordDecl& closure, source_record& out) const {
  const clang::ASTContext& context = printer_.context();
  const clang::ASTRecordLayout& layout = context.getASTRecordLayout(&closure);
  auto field = closure.field_begin();
  for (const clang::LambdaCapture& c : closure.captures()) {
    if (field == closure.field_end()) return;
    if (!c.capturesVLAType()) {
      const clang::QualType type = field->getType();
      source_field entry;
      entry.offset = layout.getFieldOffset(field->getFieldIndex()) / 8;
      entry.size = type->isReferenceType()
                       ? 8
                       : static_cast<std::uint64_t>(context.getTypeSizeInChars(type).getQuantity());
      entry.reference = type->isReferenceType();
      entry.names = namer_.capture(c, closure);
      out.push_back(entry);
    }
    ++field;
  }
}

}  // namespace snag::plugin
