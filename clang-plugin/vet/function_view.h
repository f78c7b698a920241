// SPDX-License-Identifier: Apache-2.0
#pragma once
// One function of the user's under inspection: its body, its CFG, the goroutines that it starts. What several
// checks need is computed once, and only if one asks.
#include <memory>
#include <optional>
#include <vector>

#include "clang-plugin/vet/effects.h"
#include "clang-plugin/vet/finding.h"
#include "clang-plugin/vet/path_states.h"
#include "clang-plugin/vet/start.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace snag::vet {

// What a body has at all: a check that finds nothing of its own here has no work.
struct ingredients {
  bool starts = false, channels = false, locks = false, contexts = false, pthread_objects = false;
  bool any() const { return starts || channels || locks || contexts || pthread_objects; }
};

class function_view {
 public:
  function_view(clang::ASTContext&, const clang::FunctionDecl&, const clang::Stmt& body, effects&,
                ingredients);

  clang::ASTContext& context() const { return context_; }
  const clang::FunctionDecl& function() const { return function_; }
  const clang::Stmt& body() const { return body_; }
  effects& effect_of() const { return effects_; }
  const ingredients& has() const { return ingredients_; }

  const clang::CFG* cfg();  // null where clang cannot make one
  const starts_list& starts();

  // The path names one object for the whole call: no variable or member on its way is assigned to or given
  // away.
  bool is_stable(const object_path&);
  // A group, channel or mutex that only the function itself uses, by its methods and guards: not copied, not
  // captured.
  bool is_private(const object_path&);
  // The variable, or a part of it, is copied, captured, or given to a function.
  bool is_given_away(const object_path&);
  // The object lies in a variable of the function's own: others have it only if they are given it.
  bool is_own(const object_path&) const;
  bool is_in_try(const clang::Stmt*);  // inside a try block of this function

  // Whether the goroutine may still run, before each element: `begin` at its start, `end` where the function
  // may have waited for it. One item a start.
  const path_states& pending();

  // It neither waits nor tells anybody anything: only its end can be waited for.
  bool is_mute(const start&);
  bool may_wait_for(const start&, const clang::CFGElement&);

 private:
  void find_uses();

  clang::ASTContext& context_;
  const clang::FunctionDecl& function_;
  const clang::Stmt& body_;
  effects& effects_;
  const ingredients ingredients_;
  std::optional<std::unique_ptr<clang::CFG>> cfg_;
  std::optional<starts_list> starts_;
  std::optional<path_states> pending_;
  std::vector<signed char> mute_;  // of each start; -1: not looked at
  bool uses_found_ = false;
  llvm::SmallPtrSet<const clang::ValueDecl*, 8> unstable_;  // variables, and members of whatever object
  llvm::SmallPtrSet<const clang::VarDecl*, 8> shared_;
  llvm::SmallPtrSet<const clang::Stmt*, 16> in_try_;
};

// "'x', declared at line 7" and the like.
std::string quoted(const clang::NamedDecl&);

}  // namespace snag::vet
