// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/vet/types.h"

#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/StringSwitch.h"

namespace snag::vet {
namespace {

// The outermost namespace that is not inline.
const clang::NamespaceDecl* outermost_namespace(const clang::Decl* d) {
  const clang::NamespaceDecl* found = nullptr;
  for (const clang::DeclContext* c = d->getDeclContext(); c != nullptr; c = c->getParent())
    if (const auto* n = llvm::dyn_cast<clang::NamespaceDecl>(c); n != nullptr && !n->isInline()) found = n;
  return found;
}

bool is_in_std(const clang::Decl* d) {
  const clang::NamespaceDecl* n = outermost_namespace(d);
  return n != nullptr && (n->getName() == "std" || n->getName() == "__gnu_cxx");
}

type_kind snag_kind(llvm::StringRef name) {
  return llvm::StringSwitch<type_kind>(name)
      .Cases("chan", "iterator", type_kind::chan)
      .Case("wait_group", type_kind::wait_group)
      .Case("err_group", type_kind::err_group)
      .Cases("mutex", "shared_mutex", type_kind::mutex)
      .Cases("cancellable", "cancellable_with_cause", "notified_context", type_kind::cancellable)
      .Case("defer", type_kind::defer)
      .Cases("context", "error", "go_options", type_kind::snag_handle)
      .Default(type_kind::synchronises);
}

type_kind std_kind(llvm::StringRef name) {
  return llvm::StringSwitch<type_kind>(name)
      .Cases("mutex", "timed_mutex", "shared_mutex", "shared_timed_mutex", type_kind::mutex)
      .Cases("recursive_mutex", "recursive_timed_mutex", type_kind::recursive_mutex)
      .Cases("lock_guard", "unique_lock", "scoped_lock", "shared_lock", type_kind::guard)
      .Case("thread", type_kind::thread)
      .Case("jthread", type_kind::joining_thread)
      .StartsWith("atomic", type_kind::synchronises)
      .StartsWith("__atomic", type_kind::synchronises)
      .Cases("condition_variable", "condition_variable_any", "counting_semaphore", "latch", "barrier",
             type_kind::synchronises)
      .Cases("future", "shared_future", "promise", "packaged_task", "once_flag", "stop_source",
             type_kind::synchronises)
      .Cases("stop_token", "stop_callback", "function", "move_only_function", "any", type_kind::synchronises)
      .Cases("basic_osyncstream", "basic_syncbuf", "reference_wrapper", type_kind::synchronises)
      .Cases("shared_ptr", "weak_ptr", "enable_shared_from_this", type_kind::synchronises)
      .Default(type_kind::other);
}

bool is_plain(clang::QualType type, unsigned depth) {
  if (type.isNull() || depth > 6) return false;
  type = type.getNonReferenceType().getCanonicalType();
  if (const clang::Type* element = type->getArrayElementTypeNoTypeQual())
    return is_plain(clang::QualType(element, 0), depth + 1);
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  if (record == nullptr) return !type->isDependentType() && !type->isAtomicType();
  record = record->getDefinition();
  if (record == nullptr || record->isDependentContext()) return false;
  switch (kind_of(record)) {
    case type_kind::other:
      break;
    case type_kind::chan:
    case type_kind::wait_group:
    case type_kind::err_group:
    case type_kind::snag_handle:
      return true;
    default:
      return false;
  }
  if (is_in_std(record)) {
    const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
    if (instance == nullptr) return true;
    const auto plain_argument = [&](const clang::TemplateArgument& a, auto& self) -> bool {
      if (a.getKind() == clang::TemplateArgument::Type) return is_plain(a.getAsType(), depth + 1);
      if (a.getKind() != clang::TemplateArgument::Pack) return true;
      for (const clang::TemplateArgument& part : a.pack_elements())
        if (!self(part, self)) return false;
      return true;
    };
    for (const clang::TemplateArgument& a : instance->getTemplateArgs().asArray())
      if (!plain_argument(a, plain_argument)) return false;
    return true;
  }
  if (record->hasUserDeclaredDestructor() && !record->hasTrivialDestructor()) return false;
  if (record->hasUserDeclaredCopyConstructor() || record->hasUserDeclaredMoveConstructor()) return false;
  for (const clang::CXXBaseSpecifier& base : record->bases())
    if (!is_plain(base.getType(), depth + 1)) return false;
  for (const clang::FieldDecl* field : record->fields())
    if (!is_plain(field->getType(), depth + 1)) return false;
  return true;
}

}  // namespace

bool is_in_standard_library(const clang::Decl* d) { return is_in_std(d); }

bool is_in_snag(const clang::Decl* d) {
  const clang::NamespaceDecl* n = outermost_namespace(d);
  return n != nullptr && n->getName() == "snag";
}

type_kind kind_of(const clang::CXXRecordDecl* record) {
  if (record == nullptr || record->getIdentifier() == nullptr) return type_kind::other;
  if (is_in_std(record)) return std_kind(record->getName());
  if (is_in_snag(record)) return snag_kind(record->getName());
  return type_kind::other;
}

type_kind kind_of(clang::QualType type) {
  return type.isNull() ? type_kind::other : kind_of(type.getNonReferenceType()->getAsCXXRecordDecl());
}

bool is_plain(clang::QualType type) { return is_plain(type, 0); }

}  // namespace snag::vet
