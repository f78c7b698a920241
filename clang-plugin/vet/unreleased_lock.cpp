// SPDX-License-Identifier: Apache-2.0
// lock-not-released: a way out of the function on which a mutex that it locks and elsewhere unlocks is still
// locked. lock-held-already: a mutex is locked by a function that holds it on every path to there.
#include "clang-plugin/vet/check.h"
#include "clang-plugin/vet/held_locks.h"
#include "clang-plugin/vet/lock_ownership.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/StringExtras.h"

namespace snag::vet {
namespace {

bool is_told_to_hold(const clang::FunctionDecl& f) {
  return f.hasAttr<clang::AcquireCapabilityAttr>() || f.hasAttr<clang::TryAcquireCapabilityAttr>() ||
         f.hasAttr<clang::RequiresCapabilityAttr>() || f.hasAttr<clang::ReleaseCapabilityAttr>();
}

const clang::Expr* returned_at(const clang::CFGBlock& last) {
  for (const clang::CFGElement& element : last)
    if (const auto statement = element.getAs<clang::CFGStmt>())
      if (const auto* r = llvm::dyn_cast<clang::ReturnStmt>(statement->getStmt())) return r->getRetValue();
  return nullptr;
}

// A constant, as text; empty if the value depends on something.
std::string constant(const clang::Expr* e, const clang::ASTContext& context) {
  clang::Expr::EvalResult value;
  if (e == nullptr || e->isValueDependent() || !e->getType()->isIntegralOrEnumerationType() ||
      !e->EvaluateAsInt(value, context))
    return {};
  return llvm::toString(value.Val.getInt(), 10);
}

// A return, or the end of the body; not a call that never returns, nor a throw: an exception may be caught
// where that is known.
clang::SourceLocation way_out(const clang::CFGBlock& last, const clang::Stmt& body) {
  if (last.hasNoReturnElement()) return {};
  clang::SourceLocation place = body.getEndLoc();
  for (const clang::CFGElement& element : last) {
    const auto statement = element.getAs<clang::CFGStmt>();
    if (!statement) continue;
    if (llvm::isa<clang::CXXThrowExpr>(statement->getStmt())) return {};
    if (const auto* r = llvm::dyn_cast<clang::ReturnStmt>(statement->getStmt())) place = r->getBeginLoc();
  }
  return place;
}

}  // namespace

void check_unreleased_locks(function_view& view, findings& found) {
  if (!view.has().locks || is_told_to_hold(view.function())) return;
  held_locks locks(view);
  if (!locks.usable()) return;
  std::vector<clang::SourceLocation> first(locks.locks().size());
  std::vector<bool> told(locks.locks().size());
  locks.states().for_each([&](const clang::CFGElement& element, const std::vector<path_set>& now) {
    for (std::size_t i = 0; i < locks.locks().size(); ++i) {
      const clang::SourceLocation place = locks.taken_at(element, i);
      if (place.isInvalid()) continue;
      if (now[i] == under_way && locks.locks()[i].type == type_kind::mutex && !told[i]) {
        told[i] = true;
        finding f{"lock-held-already", place,
                  "'" + locks.locks()[i].path.text() + "' is held already: to lock it again waits for ever"};
        if (first[i].isValid() && first[i] != place) f.notes.push_back({first[i], "it is locked here"});
        found.push_back(std::move(f));
      }
      first[i] = place;
    }
  });
  // What each lock's unlocked ways out return: nothing, or constants.
  const auto for_each_way_out = [&](const auto& visit) {
    for (const clang::CFGBlock::AdjacentBlock& last : view.cfg()->getExit().preds())
      if (last.isReachable())
        if (const clang::SourceLocation place = way_out(*last, view.body()); place.isValid())
          visit(*last, place, locks.states().at_end_of(*last));
  };
  const clang::SourceManager& sources = view.context().getSourceManager();
  std::vector<std::vector<std::string>> unlocked(locks.locks().size());
  for_each_way_out(
      [&](const clang::CFGBlock& last, clang::SourceLocation, const std::vector<path_set>& states) {
        for (std::size_t i = 0; i < states.size(); ++i)
          if (states[i] == ended) unlocked[i].push_back(constant(returned_at(last), view.context()));
      });
  for_each_way_out(
      [&](const clang::CFGBlock& last, clang::SourceLocation place, const std::vector<path_set>& states) {
        for (std::size_t i = 0; i < states.size(); ++i) {
          const held_locks::lock& l = locks.locks()[i];
          if (states[i] != under_way || told[i] || l.guards > 0 || unlocked[i].empty()) continue;
          const clang::Expr* value = returned_at(last);
          const std::string same = constant(value, view.context());
          const bool is_told = value != nullptr && (same.empty() || !llvm::is_contained(unlocked[i], same));
          if (is_told && !is_unlocked_only_where_locked(view, l.path)) continue;
          // A function that is to lock, and gives up on some ways, ends locked; one that forgot leaves before
          // it unlocks.
          bool unlocked_later = false;
          for_each_statement(&view.body(), [&](const clang::Stmt& s) {
            const operation o = operation_of(&s);
            unlocked_later = unlocked_later || (o.kind == operation_kind::unlock && o.path == l.path &&
                                                sources.isBeforeInTranslationUnit(place, s.getBeginLoc()));
          });
          if (!unlocked_later) continue;
          finding f{"lock-not-released", place,
                    "'" + l.path.text() + "' is still locked when the function is left here"};
          for_each_statement(&view.body(), [&](const clang::Stmt& s) {
            const operation o = operation_of(&s);
            if (o.path == l.path && o.kind == operation_kind::lock)
              f.notes.push_back({s.getBeginLoc(),
                                 "it is locked here; a guard (std::lock_guard) unlocks it on every way out"});
          });
          found.push_back(std::move(f));
        }
      });
}

}  // namespace snag::vet
