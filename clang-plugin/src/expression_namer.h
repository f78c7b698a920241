// SPDX-License-Identifier: Apache-2.0
#pragma once
// From an expression that designates an object to the words a report uses for it: the variable or field, its
// type, where it was declared, how a lambda captured it; and to the address computation that code generation
// makes of it (bytes from where it starts, pointers loaded on the way), which lets the IR half tell apart
// several accesses at one place. Never guesses: what is reached through a pointer or a function's result has
// an expression, but no variable.
#include "clang-plugin/src/source_printer.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

namespace snag::plugin {

struct named_object {
  access_names names;
  std::int64_t offset = unknown_offset;
  int depth = unknown_depth;  // see source_access
};

class expression_namer {
 public:
  explicit expression_namer(const source_printer& printer) : printer_(printer) {}

  // The lambda whose body is being read, or null.
  void enter_closure(const clang::CXXRecordDecl* closure) { closure_ = closure; }
  // Whose body is being read: nobody wrote what a defaulted member does.
  void enter_function(const clang::FunctionDecl& f) { unwritten_ = f.isImplicit() || f.isDefaulted(); }
  bool in_unwritten_function() const { return unwritten_; }
  void note_range_for(const clang::CXXForRangeStmt&);  // explains the loop's hidden variables

  named_object object(const clang::Expr& designator) const;
  named_object pointee(const clang::Expr& pointer) const;  // what a pointer argument points to
  llvm::StringRef text(const clang::Expr&) const;          // as written; hidden parts of a loop as its head
  access_names variable(const clang::ValueDecl&) const;
  access_names capture(const clang::LambdaCapture&, const clang::CXXRecordDecl& closure) const;
  bool captured_by_reference(const clang::DeclRefExpr&) const;

 private:
  named_object part(const clang::Expr*) const;
  named_object member(const clang::MemberExpr&) const;
  named_object element(const clang::ArraySubscriptExpr&) const;
  named_object variable_use(const clang::DeclRefExpr&) const;
  named_object pointer_value(
      const clang::Expr*) const;  // where a pointer's value points: offset and depth only
  const clang::LambdaCapture* find_capture(const clang::ValueDecl*) const;
  llvm::StringRef capture_text(const clang::LambdaCapture&, const clang::CXXRecordDecl& closure) const;
  llvm::StringRef base_capture(const clang::Expr*) const;
  llvm::StringRef head_of(const clang::CXXForRangeStmt&) const;
  const clang::CXXForRangeStmt* hidden_loop(const clang::Expr*) const;
  llvm::StringRef declaration_of_container(const clang::Expr& element) const;

  const source_printer& printer_;
  const clang::CXXRecordDecl* closure_ = nullptr;
  bool unwritten_ = false;
  llvm::DenseMap<const clang::ValueDecl*, const clang::CXXForRangeStmt*> hidden_;
};

}  // namespace snag::plugin
