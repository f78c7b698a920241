// SPDX-License-Identifier: Apache-2.0
#pragma once
// Walks a translation unit's functions, instantiated templates and implicit members included, and notes every
// expression that reads or writes an object, and every call, at the place where code generation puts the
// instruction. Those places are clang's own rule (the expression location of the innermost expression being
// emitted), followed here case by case.
#include <deque>

#include "clang-plugin/src/called_objects.h"
#include "clang-plugin/src/expression_namer.h"
#include "clang-plugin/src/record_fields.h"
#include "clang-plugin/src/source_printer.h"
#include "clang/AST/Mangle.h"
#include "clang/AST/Stmt.h"
#include "llvm/ADT/DenseSet.h"

namespace snag::plugin {

class source_collector {
 public:
  source_collector(clang::ASTContext&, source_tables&);
  void collect();  // the whole translation unit

 private:
  void add_declarations(const clang::DeclContext&);
  void add_declaration(const clang::Decl*);
  void add_function(const clang::FunctionDecl*);
  void add_global(const clang::VarDecl&);
  void read_function(const clang::FunctionDecl&);
  void add_local(source_function&, const clang::VarDecl&);
  static void note_outermost(const clang::FunctionDecl&, source_function&);
  void read_initialisers(const clang::CXXConstructorDecl&);
  std::vector<std::string> mangled_names(const clang::FunctionDecl&) const;
  std::string mangled(clang::GlobalDecl) const;

  void read(const clang::Stmt*);
  void read_children(const clang::Stmt&);
  void read_lambda(const clang::LambdaExpr&);
  void read_declaration(const clang::Decl&);
  void read_variable(const clang::VarDecl&);
  void read_assignment(const clang::BinaryOperator&);
  void read_call(const clang::CallExpr&);
  void read_construction(const clang::CXXConstructExpr&);
  void read_creation(const clang::CXXNewExpr&);

  void note(const clang::Expr& designator, clang::SourceLocation, bool write, llvm::StringRef text = {});
  void note_load(const clang::Expr& designator);  // at the designator's own place
  void note_reference(const clang::Expr& use);
  void note_pointee(const clang::Expr& pointer, clang::SourceLocation, bool write);
  void note_variable(const clang::VarDecl&, clang::SourceLocation);
  void note_call(const clang::Expr&);
  void note_stored(const clang::Expr* value, llvm::StringRef variable);  // what an allocation is stored in
  void add(source_access, clang::SourceLocation);

  clang::ASTContext& context_;
  source_tables& tables_;
  source_printer printer_;
  expression_namer namer_;
  called_objects objects_;
  record_fields fields_;
  std::unique_ptr<clang::MangleContext> mangler_;
  source_function* current_ = nullptr;
  std::uint32_t run_ = 0;  // see source_access
  llvm::DenseMap<const clang::Expr*, llvm::StringRef> stored_in_;
  std::deque<const clang::FunctionDecl*> waiting_;
  llvm::DenseSet<const clang::Decl*> seen_;
};

}  // namespace snag::plugin
