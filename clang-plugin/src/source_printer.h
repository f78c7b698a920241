// SPDX-License-Identifier: Apache-2.0
#pragma once
// Words and places of the source, as reports show them and as code generation locates instructions: line and
// column of a macro's expansion, text in one line and shortened. Results live in the tables.
#include "clang-plugin/src/source_tables.h"
#include "clang/AST/Expr.h"
#include "clang/AST/PrettyPrinter.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/DenseSet.h"

namespace snag::plugin {

struct source_place {
  llvm::StringRef file;
  std::uint32_t line = 0, column = 0;
  bool valid() const { return line != 0; }
};

class source_printer {
 public:
  source_printer(clang::ASTContext& context, source_tables& tables);

  source_place place_of(clang::SourceLocation) const;
  llvm::StringRef text_of(const clang::Expr&) const;
  llvm::StringRef name_of(const clang::NamedDecl&) const;  // with its scope, unless it is local
  llvm::StringRef type_of(clang::QualType) const;
  llvm::StringRef place_text(clang::SourceLocation) const;  // "file.cpp:12"
  llvm::StringRef save(const llvm::Twine& text) const { return tables_.text.save(text); }

  clang::ASTContext& context() const { return context_; }
  source_tables& tables() const { return tables_; }

 private:
  clang::ASTContext& context_;
  source_tables& tables_;
  clang::PrintingPolicy policy_;
  mutable llvm::DenseSet<const char*> files_;  // whose absolute path the tables know
};

}  // namespace snag::plugin
