// SPDX-License-Identifier: Apache-2.0
// reference-outlives-variable: a goroutine refers to a variable of the function that started it, and nothing
// waits for the goroutine before the variable's life ends. Certain in two cases: on every path to an end of
// the variable's life the goroutine was started and not waited for; or no path to any end waits for it.
#include "clang-plugin/vet/check.h"
#include "clang-plugin/vet/function_view.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/SourceManager.h"

namespace snag::vet {
namespace {

struct life {
  std::size_t start, reference;  // indices
  path_set at_ends = 0;          // all of them together
  bool certain_at_one = false;
  clang::SourceLocation end;  // of the last one seen
};

clang::SourceLocation place_of_end(const clang::CFGLifetimeEnds& end) {
  const clang::Stmt* trigger = end.getTriggerStmt();
  if (trigger == nullptr) return {};
  return llvm::isa<clang::CompoundStmt, clang::ForStmt, clang::CXXForRangeStmt>(trigger)
             ? trigger->getEndLoc()
             : trigger->getBeginLoc();
}

bool is_used(const start& s, const start::reference& r) {
  const clang::VarDecl* v = r.variable;
  if (r.given || s.lambda == nullptr) return true;  // as std::ref(v) or &v
  bool used = false;
  for_each_statement_deeply(s.body(), [&](const clang::Stmt& part) {
    const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(&part);
    if (use != nullptr && use->getDecl()->getCanonicalDecl() == v->getCanonicalDecl()) used = true;
    // [p = &v]
    if (use != nullptr)
      if (const auto* held = llvm::dyn_cast<clang::VarDecl>(use->getDecl());
          held != nullptr && held->isInitCapture())
        used = true;
  });
  return used;
}

// Only what the goroutine names at once and for certain: what it does after a wait of its own may never come.
class search {
 public:
  search(function_view& view, findings& found) : view_(view), found_(found) {}

  void run() {
    const starts_list& starts = view_.starts();
    for (std::size_t i = 0; i < starts.size(); ++i) {
      if (starts[i].how == start::way::thread) continue;  // to be joined, or std::terminate
      for (std::size_t r = 0; r < starts[i].references.size(); ++r)
        if (is_used(starts[i], starts[i].references[r])) lives_.push_back({i, r, 0, false, {}});
    }
    if (lives_.empty() || view_.cfg() == nullptr) return;
    const path_states& states = view_.pending();
    states.for_each([&](const clang::CFGElement& element, const std::vector<path_set>& now) {
      if (const auto end = element.getAs<clang::CFGLifetimeEnds>())
        for (life& l : lives_)
          if (variable_of(l) == end->getVarDecl()) see_end(l, now[l.start], place_of_end(*end));
    });
    for (life& l : lives_)
      if (llvm::isa<clang::ParmVarDecl>(variable_of(l))) see_exits(l, states);
    for (const life& l : lives_) tell(l);
  }

 private:
  const clang::VarDecl* variable_of(const life& l) const {
    return view_.starts()[l.start].references[l.reference].variable;
  }

  static void see_end(life& l, path_set states, clang::SourceLocation place) {
    l.at_ends |= states;
    const bool certain = states == under_way;
    if (certain || !l.certain_at_one) l.end = place;
    l.certain_at_one = l.certain_at_one || certain;
  }

  void see_exits(life& l, const path_states& states) {
    for (const clang::CFGBlock::AdjacentBlock& last : view_.cfg()->getExit().preds()) {
      if (!last.isReachable()) continue;
      const bool throws = last->hasNoReturnElement() ||
                          (!last->empty() && last->back().getAs<clang::CFGStmt>() &&
                           llvm::isa<clang::CXXThrowExpr>(last->back().castAs<clang::CFGStmt>().getStmt()));
      if (!throws) see_end(l, states.at_end_of(*last)[l.start], view_.body().getEndLoc());
    }
  }

  // The program ends with main, and its goroutines with it: the variables of main's outermost block mostly
  // stay.
  bool lives_as_long_as_the_program(const clang::VarDecl& v) const {
    if (!view_.function().isMain()) return false;
    if (llvm::isa<clang::ParmVarDecl>(v)) return true;
    const auto* body = llvm::dyn_cast<clang::CompoundStmt>(&view_.body());
    if (body == nullptr) return false;
    for (const clang::Stmt* s : body->body())
      if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(s))
        for (const clang::Decl* d : declared->decls())
          if (d == &v) return true;
    return false;
  }

  void tell(const life& l) {
    const clang::VarDecl& v = *variable_of(l);
    const bool certain = l.certain_at_one || ((l.at_ends & under_way) != 0 && (l.at_ends & ended) == 0);
    if (!certain || lives_as_long_as_the_program(v)) return;
    const start& s = view_.starts()[l.start];
    const start::reference& r = s.references[l.reference];
    finding f{"reference-outlives-variable", r.place,
              std::string("the ") + s.name() + " refers to " + quoted(v) +
                  ", whose life ends before anything waits for the " + s.name()};
    f.notes.push_back({v.getLocation(), quoted(v) + " is declared here"});
    if (l.end.isValid())
      f.notes.push_back(
          {l.end, quoted(v) + " ends here, while the " + std::string(s.name()) + " may still run"});
    // A copy is what is meant where it is cheap, and nobody can have meant to see the goroutine's changes.
    if (s.lambda != nullptr && !r.implicit && !r.given && is_plain(v.getType()) &&
        v.getType()->isScalarType() && only_read(s, v)) {
      const auto capture = llvm::find_if(
          s.lambda->captures(), [&](const clang::LambdaCapture& c) { return c.getLocation() == r.place; });
      if (capture != s.lambda->captures().end() && capture->getCapturedVar() == &v && !r.place.isMacroID())
        f.edits.push_back(clang::FixItHint::CreateRemoval(
            clang::CharSourceRange::getCharRange(ampersand_before(r.place), r.place)));
    }
    if (!f.edits.empty() && f.edits[0].RemoveRange.getBegin().isInvalid()) f.edits.clear();
    found_.push_back(std::move(f));
  }

  // [&x]: the capture's place is that of x.
  clang::SourceLocation ampersand_before(clang::SourceLocation name) const {
    const clang::SourceManager& sources = view_.context().getSourceManager();
    bool invalid = false;
    const char* text = sources.getCharacterData(name, &invalid);
    if (invalid || sources.getFileOffset(name) == 0 || text[-1] != '&') return {};
    return name.getLocWithOffset(-1);
  }

  static bool only_read(const start& s, const clang::VarDecl& v) {
    bool read = true;
    unsigned uses = 0, loads = 0;
    for_each_statement_deeply(s.body(), [&](const clang::Stmt& part) {
      if (llvm::isa<clang::LambdaExpr>(part)) read = false;
      if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(&part)) uses += use->getDecl() == &v;
      if (const auto* cast = llvm::dyn_cast<clang::ImplicitCastExpr>(&part);
          cast != nullptr && cast->getCastKind() == clang::CK_LValueToRValue)
        if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(cast->getSubExpr()->IgnoreParens()))
          loads += use->getDecl() == &v;
    });
    return read && uses == loads;
  }

  function_view& view_;
  findings& found_;
  std::vector<life> lives_;
};

}  // namespace

void check_outlived_references(function_view& view, findings& found) {
  if (view.has().starts) search(view, found).run();
}

}  // namespace snag::vet
