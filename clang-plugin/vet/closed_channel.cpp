// SPDX-License-Identifier: Apache-2.0
// close-after-close and send-after-close: on every path to the operation the channel was closed, by this
// function. Both panic. What a try block catches is meant.
#include "clang-plugin/vet/channel_uses.h"
#include "clang-plugin/vet/check.h"
#include "clang-plugin/vet/function_view.h"

namespace snag::vet {
namespace {

std::size_t index_of(std::vector<object_path>& paths, const object_path& path) {
  const auto found = std::find(paths.begin(), paths.end(), path);
  if (found != paths.end()) return static_cast<std::size_t>(found - paths.begin());
  paths.push_back(path);
  return paths.size() - 1;
}

}  // namespace

void check_closed_channels(function_view& view, findings& found) {
  if (!view.has().channels) return;
  std::vector<object_path> closed;
  const auto look_for_close = [&](const clang::Stmt& s) {
    const operation o = operation_of(&s);
    if (o.kind == operation_kind::close && view.is_stable(o.path)) index_of(closed, o.path);
  };
  for_each_statement(&view.body(), look_for_close);
  if (closed.empty() || view.cfg() == nullptr) return;

  std::vector<clang::SourceLocation> places(closed.size());
  const auto step_of = [&](const clang::CFGElement& element, std::size_t i) {
    const object_path& path = closed[i];
    if (const auto statement = element.getAs<clang::CFGStmt>()) {
      const operation o = operation_of(statement->getStmt());
      if (o.kind == operation_kind::close && o.path == path) {
        if (places[i].isInvalid()) places[i] = statement->getStmt()->getBeginLoc();
        return step::begin;
      }
      if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(statement->getStmt()))
        for (const clang::Decl* d : declared->decls())
          if (d == path.variable()) return step::forget;  // another one, of the same name
    }
    if (const auto gone = element.getAs<clang::CFGAutomaticObjDtor>())
      if (deferred_close(*gone->getVarDecl()) == path) {
        if (places[i].isInvalid()) places[i] = gone->getVarDecl()->getLocation();
        return step::begin;
      }
    // A member of an object that others can reach may be another channel by then.
    if (!view.is_own(path) && (view.effect_of().of(element) & unseen) != 0) return step::end;
    return step::none;
  };
  const path_states states(*view.cfg(), closed.size(), step_of);
  llvm::SmallPtrSet<const void*, 4> told;
  states.for_each([&](const clang::CFGElement& element, const std::vector<path_set>& now) {
    const clang::Stmt* s = nullptr;
    operation o;
    clang::SourceLocation place;
    if (const auto statement = element.getAs<clang::CFGStmt>()) {
      s = statement->getStmt();
      o = operation_of(s);
      place = s->getBeginLoc();
      if (view.is_in_try(s)) return;
    } else if (const auto gone = element.getAs<clang::CFGAutomaticObjDtor>()) {
      o.path = deferred_close(*gone->getVarDecl());
      if (o.path) o.kind = operation_kind::close;
      place = gone->getVarDecl()->getLocation();
    }
    if (o.kind != operation_kind::close && o.kind != operation_kind::send) return;
    for (std::size_t i = 0; i < closed.size(); ++i) {
      if (!(closed[i] == o.path) || now[i] != under_way) continue;
      if (!told.insert(place.getPtrEncoding()).second) continue;
      const bool sends = o.kind == operation_kind::send;
      finding f{
          sends ? "send-after-close" : "close-after-close", place,
          "'" + o.path.text() + "' is closed by now: this " + (sends ? "send" : "second close") + " panics"};
      if (places[i] != place) f.notes.push_back({places[i], "it is closed here"});
      found.push_back(std::move(f));
    }
  });
}

}  // namespace snag::vet
