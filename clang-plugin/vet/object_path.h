// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which object an expression names, where that is one and the same for the whole of a function's call: a
// variable, perhaps a member of it, or a member of *this. So two expressions with equal paths mean one
// object. What depends on a value (an element, what a pointer that changes points to) has no path.
#include <string>

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/SmallVector.h"

namespace snag::vet {

class object_path {
 public:
  object_path() = default;  // of no object
  static object_path of(const clang::Expr*);
  static object_path of(const clang::VarDecl&);
  static object_path pointed_to(const clang::Expr* pointer);

  explicit operator bool() const { return known_; }
  bool operator==(const object_path&) const = default;

  const clang::VarDecl* variable() const { return variable_; }  // null: *this
  // The variable itself, not what it refers or points to, nor a part of it.
  bool is_whole_variable() const { return known_ && variable_ != nullptr && !indirect_ && fields_.empty(); }
  // The object lies in a variable of this function, or of one around it.
  bool is_in_local() const;
  bool is_indirect() const { return indirect_; }
  // m in this->m and this->m.part; null for all others.
  const clang::FieldDecl* first_member_of_this() const {
    return known_ && variable_ == nullptr && !fields_.empty() ? fields_.front() : nullptr;
  }
  llvm::ArrayRef<const clang::FieldDecl*> fields() const { return fields_; }
  std::string text() const;

 private:
  bool known_ = false;
  bool indirect_ = false;
  const clang::VarDecl* variable_ = nullptr;
  llvm::SmallVector<const clang::FieldDecl*, 2> fields_;
};

}  // namespace snag::vet
