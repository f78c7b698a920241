// SPDX-License-Identifier: Apache-2.0
// receiver-closes: a function closes a channel that a goroutine which it started sends on, and
//   - that goroutine closes it, too, for certain: one of the two panics; or
//   - that goroutine sends in a loop that nothing ends: its next send panics.
#include "clang-plugin/vet/channel_uses.h"
#include "clang-plugin/vet/check.h"
#include "clang-plugin/vet/function_view.h"
#include "clang/AST/StmtCXX.h"

namespace snag::vet {
namespace {

bool is_always_true(const clang::Expr* condition, const clang::ASTContext& context) {
  if (condition == nullptr) return true;
  bool value = false;
  return condition->EvaluateAsBooleanCondition(value, context) && value;
}

// A send that is a statement of an endless loop's own block, in a loop that nothing leaves.
const clang::Stmt* endless_send(const clang::Stmt* body, const object_path& channel,
                                const clang::ASTContext& context) {
  const auto* block = llvm::dyn_cast_or_null<clang::CompoundStmt>(body);
  if (block == nullptr) return nullptr;
  for (const clang::Stmt* s : block->body()) {
    const clang::Stmt* looped = nullptr;
    if (const auto* loop = llvm::dyn_cast<clang::ForStmt>(s);
        loop != nullptr && is_always_true(loop->getCond(), context))
      looped = loop->getBody();
    if (const auto* loop = llvm::dyn_cast<clang::WhileStmt>(s);
        loop != nullptr && is_always_true(loop->getCond(), context))
      looped = loop->getBody();
    if (looped == nullptr) {
      if (may_leave(s)) return nullptr;
      continue;
    }
    bool unknown = false;  // a call that could end the goroutine by an exception is not certain to
    for_each_statement(
        looped, [&](const clang::Stmt& part) { unknown = unknown || llvm::isa<clang::CXXTryStmt>(part); });
    if (may_leave(looped) || unknown) return nullptr;
    const auto is_send = [&](const clang::Stmt* part) {
      if (const auto* e = llvm::dyn_cast<clang::Expr>(part)) part = e->IgnoreImplicit();
      const operation o = operation_of(part);
      return o.kind == operation_kind::send && o.path == channel;
    };
    if (is_send(looped)) return looped;
    if (const auto* inner = llvm::dyn_cast<clang::CompoundStmt>(looped))
      for (const clang::Stmt* part : inner->body())
        if (is_send(part)) return part;
    return nullptr;
  }
  return nullptr;
}

struct rival {
  std::size_t start;
  const clang::Stmt* its_close = nullptr;
  const clang::Stmt* its_send = nullptr;
};

}  // namespace

void check_closing_receivers(function_view& view, findings& found) {
  if (!view.has().starts || !view.has().channels || view.starts().empty() || view.cfg() == nullptr) return;
  struct closing {
    const clang::Stmt* close;
    object_path channel;
    llvm::SmallVector<rival, 2> rivals;
  };
  std::vector<closing> all;
  for_each_statement(&view.body(), [&](const clang::Stmt& s) {
    const operation o = operation_of(&s);
    if (o.kind != operation_kind::close || !view.is_own(o.path) || !view.is_stable(o.path) ||
        view.is_in_try(&s))
      return;
    closing c{&s, o.path, {}};
    for (std::size_t i = 0; i < view.starts().size(); ++i) {
      const start& other = view.starts()[i];
      bool sends = false, catches = false;
      for_each_statement_deeply(other.body(), [&](const clang::Stmt& part) {
        const operation its = operation_of(&part);
        sends = sends || (its.kind == operation_kind::send && its.path == o.path);
        catches = catches || llvm::isa<clang::CXXTryStmt>(part);
      });
      if (!sends || catches) continue;
      rival r{i};
      r.its_close = certain_operation(other.body(), [&](const operation& its) {
        return its.kind == operation_kind::close && its.path == o.path;
      });
      if (!view.function().isMain()) r.its_send = endless_send(other.body(), o.path, view.context());
      if (r.its_close != nullptr || r.its_send != nullptr) c.rivals.push_back(r);
    }
    if (!c.rivals.empty()) all.push_back(std::move(c));
  });
  if (all.empty()) return;
  view.pending().for_each([&](const clang::CFGElement& element, const std::vector<path_set>& now) {
    const auto statement = element.getAs<clang::CFGStmt>();
    if (!statement) return;
    for (const closing& c : all) {
      if (c.close != statement->getStmt()) continue;
      for (const rival& r : c.rivals) {
        if ((now[r.start] & not_begun) != 0 || now[r.start] == 0) continue;
        finding f{"receiver-closes", c.close->getBeginLoc(),
                  "'" + c.channel.text() + "' is closed here, but the goroutine that sends on it " +
                      (r.its_close != nullptr ? "closes it, too: the second close panics"
                                              : "goes on for ever: its next send panics")};
        f.notes.push_back(
            {(r.its_close != nullptr ? r.its_close : r.its_send)->getBeginLoc(),
             r.its_close != nullptr ? "the goroutine closes it here" : "the goroutine sends here"});
        found.push_back(std::move(f));
        break;
      }
    }
  });
}

}  // namespace snag::vet
