// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which mutexes a function holds where: by lock and unlock, and by the standard guards.
#include "clang-plugin/vet/function_view.h"

namespace snag::vet {

class held_locks {
 public:
  explicit held_locks(function_view&);

  struct lock {
    object_path path;
    type_kind type;
    unsigned plain_locks = 0, unlocks = 0, guards = 0;  // places
  };
  const std::vector<lock>& locks() const { return locks_; }
  // under_way: held.
  const path_states& states() const { return *states_; }
  bool usable() const { return states_.has_value(); }

  // What an element does to a lock.
  step step_of(const clang::CFGElement&, std::size_t lock);
  // Where the element takes it, also again; invalid if it does not.
  clang::SourceLocation taken_at(const clang::CFGElement&, std::size_t lock) const;

 private:
  void find();
  void find_guards(const clang::DeclStmt&);
  std::size_t index_of(const object_path&, type_kind);

  function_view& view_;
  std::vector<lock> locks_;
  llvm::DenseMap<const clang::VarDecl*, llvm::SmallVector<std::size_t, 2>>
      guards_;  // that hold from declaration to end
  std::optional<path_states> states_;
};

// The mutexes that the initialiser of a guard takes at once, exclusively; empty if it is told not to.
llvm::SmallVector<const clang::Expr*, 2> taken_by_guard(const clang::VarDecl&);

}  // namespace snag::vet
