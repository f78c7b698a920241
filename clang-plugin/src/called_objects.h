// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a call of library code is made on, as the source has it: `jobs` of jobs.push_back(job), `text` of
// text = "x", `out` of out << 1 << 2, the mutex that a guard locks. A report names it where the access itself
// is deep in the library.
#include "clang-plugin/src/expression_namer.h"

namespace snag::plugin {

class called_objects {
 public:
  explicit called_objects(const expression_namer& namer, const source_printer& printer)
      : namer_(namer), printer_(printer) {}

  // Writes call.object and call.argument; leaves them empty where nothing plain can be said.
  void find(const clang::Expr& e, source_call& call) const;

 private:
  called_object designated(const clang::Expr*) const;
  called_object behind(const clang::Expr* pointer) const;
  called_object either(llvm::ArrayRef<const clang::Expr*> mutexes) const;
  called_object mutex_of(const clang::Expr* guard) const;
  void of_construction(const clang::CXXConstructExpr&, source_call&) const;
  void of_member_call(const clang::CXXMemberCallExpr&, source_call&) const;
  void of_operator(const clang::CXXOperatorCallExpr&, source_call&) const;
  void of_function(const clang::CallExpr&, const clang::FunctionDecl&, source_call&) const;

  const expression_namer& namer_;
  const source_printer& printer_;
};

}  // namespace snag::plugin
