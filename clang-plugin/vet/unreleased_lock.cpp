// SPDX-License-Identifier: Apache-2.0
// lock-not-released: a way out of the function on which a mutex that it locks and elsewhere unlocks is still
// locked. lock-held-already: a mutex is locked by a function that holds it on every path to there.
#include "clang-plugin/vet/check.h"
#include "clang-plugin/vet/held_locks.h"
#include "clang/AST/Attr.h"
#include "clang/AST/StmtCXX.h"

namespace snag::vet {
namespace {

bool is_told_to_hold(const clang::FunctionDecl& f) {
  return f.hasAttr<clang::AcquireCapabilityAttr>() || f.hasAttr<clang::TryAcquireCapabilityAttr>() ||
         f.hasAttr<clang::RequiresCapabilityAttr>() || f.hasAttr<clang::ReleaseCapabilityAttr>();
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
  for (const clang::CFGBlock::AdjacentBlock& last : view.cfg()->getExit().preds()) {
    if (!last.isReachable()) continue;
    const clang::SourceLocation place = way_out(*last, view.body());
    if (place.isInvalid()) continue;
    const std::vector<path_set> states = locks.states().at_end_of(*last);
    for (std::size_t i = 0; i < states.size(); ++i) {
      const held_locks::lock& l = locks.locks()[i];
      if (states[i] != under_way || told[i] || l.guards > 0 || l.unlocks == 0) continue;
      finding f{"lock-not-released", place,
                "'" + l.path.text() + "' is still locked when the function is left here"};
      for_each_statement(&view.body(), [&](const clang::Stmt& s) {
        const operation o = operation_of(&s);
        if (o.path == l.path && o.kind == operation_kind::lock)
          f.notes.push_back(
              {s.getBeginLoc(), "it is locked here; a guard (std::lock_guard) unlocks it on every way out"});
      });
      found.push_back(std::move(f));
    }
  }
}

}  // namespace snag::vet
