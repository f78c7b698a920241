// SPDX-License-Identifier: Apache-2.0
// lock-held-across-wait: a function waits for a goroutine that it started while it holds a mutex that the
// goroutine locks first: neither can go on. What is waited for is the goroutine's end, by its group or a
// join, or a value on a channel that only such goroutines have.
#include "clang-plugin/vet/channel_uses.h"
#include "clang-plugin/vet/check.h"
#include "clang-plugin/vet/held_locks.h"
#include "clang/AST/ASTContext.h"

namespace snag::vet {
namespace {

// In the lambda the path names the object that it names outside: what is captured by copy is another one.
bool is_same_inside(const clang::LambdaExpr& lambda, const object_path& path) {
  for (const clang::LambdaCapture& c : lambda.captures()) {
    if (c.getCaptureKind() == clang::LCK_StarThis && path.variable() == nullptr) return false;
    if (c.capturesVariable() && c.getCaptureKind() == clang::LCK_ByCopy &&
        c.getCapturedVar() == path.variable())
      return false;
  }
  return true;
}

// Where the goroutine locks the mutex whatever it decides, before it comes to `before` (null: to its end).
clang::SourceLocation locks_first(const start& s, const object_path& mutex,
                                  const std::function<bool(const operation&)>& before) {
  const auto* block = llvm::dyn_cast_or_null<clang::CompoundStmt>(s.body());
  if (block == nullptr || !is_same_inside(*s.lambda, mutex)) return {};
  for (const clang::Stmt* statement : block->body()) {
    bool comes_first = false;
    if (before)
      for_each_statement_deeply(statement, [&](const clang::Stmt& part) {
        comes_first = comes_first || before(operation_of(&part));
      });
    if (comes_first) return {};
    if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(statement)) {
      for (const clang::Decl* d : declared->decls())
        if (const auto* v = llvm::dyn_cast<clang::VarDecl>(d))
          for (const clang::Expr* taken : taken_by_guard(*v))
            if (object_path::of(taken) == mutex) return v->getLocation();
    }
    const clang::Stmt* bare = statement;
    if (const auto* e = llvm::dyn_cast<clang::Expr>(statement)) bare = e->IgnoreImplicit();
    const operation o = operation_of(bare);
    if (o.kind == operation_kind::lock && o.path == mutex) return bare->getBeginLoc();
    if (may_leave(statement)) return {};
  }
  return {};
}

class search {
 public:
  search(function_view& view, findings& found) : view_(view), found_(found), locks_(view) {}

  void run() {
    if (!locks_.usable()) return;
    // Held when it started, and still when it is waited for: with one place to lock it, all the time between.
    const starts_list& starts = view_.starts();
    const path_states& held = locks_.states();
    held_at_start_.assign(starts.size(), {});
    held.for_each([&](const clang::CFGElement& element, const std::vector<path_set>& now) {
      const auto statement = element.getAs<clang::CFGStmt>();
      for (std::size_t i = 0; statement && i < starts.size(); ++i)
        if (starts[i].call == statement->getStmt()) held_at_start_[i] = now;
    });
    std::vector<std::vector<path_set>> pending;
    view_.pending().for_each(
        [&](const clang::CFGElement&, const std::vector<path_set>& now) { pending.push_back(now); });
    std::size_t next = 0;
    held.for_each([&](const clang::CFGElement& element, const std::vector<path_set>& now) {
      const std::vector<path_set>& running = pending[next++];
      const auto statement = element.getAs<clang::CFGStmt>();
      if (!statement) return;
      const operation o = operation_of(statement->getStmt());
      if (o.kind == operation_kind::wait || o.kind == operation_kind::join)
        look_at_wait(*statement->getStmt(), o, now, running);
      else if (o.kind == operation_kind::receive && o.path)
        look_at_receive(*statement->getStmt(), o, now, running);
    });
  }

 private:
  bool is_held(std::size_t lock, std::size_t start, const std::vector<path_set>& now) const {
    const held_locks::lock& l = locks_.locks()[lock];
    return l.type == type_kind::mutex && l.plain_locks + l.guards == 1 && now[lock] == under_way &&
           lock < held_at_start_[start].size() && held_at_start_[start][lock] == under_way;
  }

  void look_at_wait(const clang::Stmt& s, const operation& o, const std::vector<path_set>& now,
                    const std::vector<path_set>& running) {
    for (std::size_t i = 0; i < running.size(); ++i) {
      const start& other = view_.starts()[i];
      if ((running[i] & under_way) == 0 || (running[i] & ended) != 0) continue;
      const bool waited_for = o.kind == operation_kind::wait
                                  ? other.how == start::way::group && other.group == o.path
                                  : is_thread_of(other, o.path);
      if (waited_for && view_.is_stable(o.path)) tell(s, i, now, {});
    }
  }

  static bool is_thread_of(const start& s, const object_path& variable) {
    if (s.how != start::way::thread || !variable.is_whole_variable() ||
        variable.variable()->getInit() == nullptr)
      return false;
    return variable.variable()->getInit()->IgnoreImplicit() == s.call;
  }

  void look_at_receive(const clang::Stmt& s, const operation& o, const std::vector<path_set>& now,
                       const std::vector<path_set>& running) {
    if (!view_.is_own(o.path) || !view_.is_stable(o.path) || llvm::isa<clang::ParmVarDecl>(o.path.variable()))
      return;
    std::optional<std::size_t> sender;
    bool others = false;
    const auto names = [&](const clang::Stmt& part) {
      const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(&part);
      return use != nullptr && use->getDecl() == o.path.variable();
    };
    // Only the function itself, by methods, and one goroutine: no other lambda, no function has it.
    for_each_statement(&view_.body(), [&](const clang::Stmt& part) {
      if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(&part)) {
        bool has = false;
        for_each_statement_deeply(lambda->getBody(),
                                  [&](const clang::Stmt& inner) { has = has || names(inner); });
        if (!has) return;
        for (std::size_t i = 0; i < running.size(); ++i)
          if (view_.starts()[i].lambda == lambda && !sender) {
            sender = i;
            return;
          }
        others = true;
      } else if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&part)) {
        const operation other = operation_of(call);
        if (other.path == o.path &&
            (other.kind == operation_kind::send || other.kind == operation_kind::close))
          others = true;
        if (other.kind == operation_kind::none)
          for (const clang::Expr* a : call->arguments()) others = others || object_path::of(a) == o.path;
      } else if (const auto* v = llvm::dyn_cast<clang::DeclStmt>(&part)) {
        for (const clang::Decl* d : v->decls())
          if (const auto* copy = llvm::dyn_cast<clang::VarDecl>(d);
              copy != nullptr && copy->getInit() != nullptr && copy != o.path.variable() &&
              kind_of(copy->getType()) == type_kind::chan)
            others = true;
      }
    });
    if (!sender || others || running[*sender] != under_way) return;
    tell(s, *sender, now, [&](const operation& first) { return first.path == o.path; });
  }

  void tell(const clang::Stmt& s, std::size_t i, const std::vector<path_set>& now,
            const std::function<bool(const operation&)>& before) {
    const start& other = view_.starts()[i];
    for (std::size_t lock = 0; lock < now.size(); ++lock) {
      const object_path& mutex = locks_.locks()[lock].path;
      if (!is_held(lock, i, now)) continue;
      const clang::SourceLocation place = locks_first(other, mutex, before);
      if (place.isInvalid() || !told_.insert(place.getPtrEncoding()).second) continue;
      finding f{"lock-held-across-wait", s.getBeginLoc(),
                "this waits for a " + std::string(other.name()) + " that needs '" + mutex.text() +
                    "', which is held here: a deadlock"};
      f.notes.push_back({place, "the " + std::string(other.name()) + " locks it here"});
      found_.push_back(std::move(f));
    }
  }

  function_view& view_;
  findings& found_;
  held_locks locks_;
  std::vector<std::vector<path_set>> held_at_start_;
  llvm::SmallPtrSet<const void*, 4> told_;
};

}  // namespace

void check_locks_across_waits(function_view& view, findings& found) {
  if (view.has().locks && view.has().starts && view.cfg() != nullptr && !view.starts().empty())
    search(view, found).run();
}

}  // namespace snag::vet
