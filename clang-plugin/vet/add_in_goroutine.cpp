// SPDX-License-Identifier: Apache-2.0
// add-inside-goroutine: the first thing that a goroutine does is to count itself into a wait group that its
// starter waits for. The wait may come first, find nothing to wait for, and return.
#include "clang-plugin/vet/channel_uses.h"
#include "clang-plugin/vet/check.h"
#include "clang-plugin/vet/function_view.h"
#include "clang/AST/ASTContext.h"
#include "clang/Lex/Lexer.h"

namespace snag::vet {
namespace {

struct late_add {
  std::size_t start;
  const clang::CXXMemberCallExpr* add;
  object_path group;
  bool told = false;
};

const clang::Stmt* first_statement(const clang::Stmt* body) {
  const auto* block = llvm::dyn_cast_or_null<clang::CompoundStmt>(body);
  return block != nullptr && !block->body_empty() ? block->body_front() : nullptr;
}

// Counted somewhere else in the function as well: then this may be a goroutine that somebody counts for.
bool is_counted_elsewhere(function_view& view, const late_add& late) {
  bool elsewhere = false;
  for_each_statement_deeply(&view.body(), [&](const clang::Stmt& s) {
    const operation o = operation_of(&s);
    if ((o.kind == operation_kind::add || o.kind == operation_kind::go) && o.path == late.group &&
        &s != late.add)
      elsewhere = true;
  });
  return elsewhere;
}

bool is_done_with(const late_add& late, const start& s) {
  bool done = false;
  for_each_statement_deeply(s.body(), [&](const clang::Stmt& part) {
    const operation o = operation_of(&part);
    done = done || (o.kind == operation_kind::done && o.path == late.group);
  });
  return done;
}

// add(n); in front of the statement that starts the goroutine, where that is a statement of a block.
void mend(function_view& view, const start& s, const late_add& late, finding& f) {
  const clang::SourceManager& sources = view.context().getSourceManager();
  const clang::LangOptions& language = view.context().getLangOpts();
  if (late.add->getBeginLoc().isMacroID() || s.call->getBeginLoc().isMacroID()) return;
  if (late.add->getNumArgs() > 0 &&
      !llvm::isa<clang::IntegerLiteral, clang::CXXDefaultArgExpr>(late.add->getArg(0)->IgnoreParenImpCasts()))
    return;
  if (!late.group.is_whole_variable()) return;
  const clang::Stmt* in_block = nullptr;
  for_each_statement(&view.body(), [&](const clang::Stmt& part) {
    if (const auto* block = llvm::dyn_cast<clang::CompoundStmt>(&part))
      for (const clang::Stmt* statement : block->body()) {
        const clang::Stmt* bare = statement;
        if (const auto* cleanups = llvm::dyn_cast<clang::ExprWithCleanups>(bare))
          bare = cleanups->getSubExpr();
        if (bare == s.call) in_block = statement;
      }
  });
  if (in_block == nullptr) return;
  const clang::SourceLocation end =
      clang::Lexer::findLocationAfterToken(late.add->getEndLoc(), clang::tok::semi, sources, language,
                                           /*SkipTrailingWhitespaceAndNewLine=*/false);
  if (end.isInvalid()) return;
  const llvm::StringRef call = clang::Lexer::getSourceText(
      clang::CharSourceRange::getTokenRange(late.add->getSourceRange()), sources, language);
  f.edits.push_back(clang::FixItHint::CreateInsertion(in_block->getBeginLoc(), (call + "; ").str()));
  f.edits.push_back(
      clang::FixItHint::CreateRemoval(clang::CharSourceRange::getCharRange(late.add->getBeginLoc(), end)));
}

}  // namespace

void check_adds_in_goroutines(function_view& view, findings& found) {
  if (!view.has().starts) return;
  std::vector<late_add> all;
  const starts_list& starts = view.starts();
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const clang::Stmt* first = first_statement(starts[i].body());
    if (const auto* cleanups = llvm::dyn_cast_or_null<clang::ExprWithCleanups>(first))
      first = cleanups->getSubExpr();
    const operation o = operation_of(first);
    if (o.kind != operation_kind::add || o.type != type_kind::wait_group ||
        starts[i].how == start::way::group)
      continue;
    const late_add late{i, llvm::cast<clang::CXXMemberCallExpr>(first), o.path};
    if (view.is_own(o.path) && view.is_stable(o.path) && !llvm::isa<clang::ParmVarDecl>(o.path.variable()) &&
        is_done_with(late, starts[i]) && !is_counted_elsewhere(view, late))
      all.push_back(late);
  }
  if (all.empty() || view.cfg() == nullptr) return;
  view.pending().for_each([&](const clang::CFGElement& element, const std::vector<path_set>& now) {
    const auto statement = element.getAs<clang::CFGStmt>();
    if (!statement) return;
    const operation o = operation_of(statement->getStmt());
    if (o.kind != operation_kind::wait) return;
    for (late_add& late : all) {
      if (late.told || !(o.path == late.group) || (now[late.start] & under_way) == 0 ||
          (now[late.start] & ended) != 0)
        continue;
      late.told = true;
      const start& s = starts[late.start];
      finding f{
          "add-inside-goroutine", late.add->getBeginLoc(),
          "the " + std::string(s.name()) + " counts itself in: the wait may come first, and return at once"};
      f.notes.push_back({statement->getStmt()->getBeginLoc(), "'" + o.path.text() + "' is waited for here"});
      mend(view, s, late, f);
      found.push_back(std::move(f));
    }
  });
}

}  // namespace snag::vet
