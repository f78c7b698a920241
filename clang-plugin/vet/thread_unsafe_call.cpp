// SPDX-License-Identifier: Apache-2.0
// thread-unsafe-call: two goroutines or threads that may run at once call a function of the C library that
// keeps its state or its result in one place for all. The list is glibc's own (its manual's MT-Unsafe), less
// what is safe there in spite of the standard, such as strerror and rand.
#include "clang-plugin/vet/check.h"
#include "clang-plugin/vet/function_view.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/StringSwitch.h"

namespace snag::vet {
namespace {

struct family {
  const char* shares =
      nullptr;  // what its members have in common; members of one family race with each other
  const char* instead = nullptr;
};

family family_of(llvm::StringRef name) {
  const auto time = family{"the result of localtime and gmtime", "localtime_r and gmtime_r"};
  const auto text = family{"the text of asctime and ctime", "strftime"};
  const auto users = family{"the entry of the user database", "getpwnam_r and getpwuid_r"};
  const auto groups = family{"the entry of the group database", "getgrnam_r and getgrgid_r"};
  const auto environment =
      family{"the environment", "a variable of your own, set before anything is started"};
  const auto drand = family{"the generator of drand48", "<random>, or erand48 and its kin"};
  const auto hosts = family{"the entry of the host database", "getaddrinfo"};
  return llvm::StringSwitch<family>(name)
      .Case("strtok", {"the place of strtok", "strtok_r"})
      .Cases("localtime", "gmtime", time)
      .Cases("asctime", "ctime", text)
      .Cases("getpwnam", "getpwuid", "getpwent", users)
      .Cases("getgrnam", "getgrgid", "getgrent", groups)
      .Cases("setenv", "unsetenv", "putenv", "clearenv", environment)
      .Cases("drand48", "lrand48", "mrand48", "srand48", drand)
      .Cases("gethostbyname", "gethostbyaddr", hosts)
      .Cases("hsearch", "hcreate", "hdestroy", {"the table of hsearch", "hsearch_r"})
      .Case("ttyname", {"the result of ttyname", "ttyname_r"})
      .Case("ptsname", {"the result of ptsname", "ptsname_r"})
      .Case("l64a", {"the result of l64a", "snprintf"})
      .Case("setlocale", {"the locale of the process", "newlocale and uselocale"})
      .Case("getutent", {"the entry of utmp", "getutent_r"})
      .Default({});
}

struct unsafe_call {
  const clang::CallExpr* call;
  family what;
};

bool is_unsafe(function_view& view, const clang::Stmt& s) {
  const auto* call = llvm::dyn_cast<clang::CallExpr>(&s);
  return call != nullptr &&
         family_of(c_function_name(call->getDirectCallee(), view.context().getSourceManager())).shares !=
             nullptr;
}

bool has_unsafe_call(function_view& view, const clang::Stmt& s) {
  bool has = false;
  for_each_statement(&s, [&](const clang::Stmt& part) { has = has || is_unsafe(view, part); });
  return has;
}

// The calls of a goroutine's own body, if nothing in the body could keep two of them apart.
std::vector<unsafe_call> calls_of(function_view& view, const clang::Stmt* body) {
  std::vector<unsafe_call> calls;
  bool may_be_ordered = false;
  for_each_statement(body, [&](const clang::Stmt& s) {
    if (is_unsafe(view, s)) {
      const auto& call = llvm::cast<clang::CallExpr>(s);
      calls.push_back({&call, family_of(call.getDirectCallee()->getName())});
      return;
    }
    const operation o = operation_of(&s);
    // Counting down, and sending what came of it, order nothing before; all else that may wait might.
    if (o.kind == operation_kind::done || o.kind == operation_kind::close) return;
    if (o.kind == operation_kind::send && (!calls.empty() || has_unsafe_call(view, s))) return;
    if ((view.effect_of().of(&s) & waits) != 0) may_be_ordered = true;
    if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(&s))
      for (const clang::Decl* d : declared->decls())
        if (const auto* v = llvm::dyn_cast<clang::VarDecl>(d);
            v != nullptr && !is_plain(v->getType()) && kind_of(v->getType()) != type_kind::defer)
          may_be_ordered = true;
  });
  if (may_be_ordered) calls.clear();
  return calls;
}

void tell(findings& found, const unsafe_call& c, const start& s, clang::SourceLocation other, bool same) {
  const std::string name = c.call->getDirectCallee()->getNameAsString();
  finding f{"thread-unsafe-call", c.call->getBeginLoc(),
            name + " uses " + c.what.shares + ", which all threads share, and " +
                (same ? std::string("several of these ") + s.name() + "s may call it at once"
                      : "another call may run at the same time") +
                ": use " + c.what.instead};
  f.notes.push_back(
      {same ? s.call->getBeginLoc() : other,
       same ? std::string("the ") + s.name() + "s are started here" : "the other call is here"});
  found.push_back(std::move(f));
}

}  // namespace

void check_thread_unsafe_calls(function_view& view, findings& found) {
  if (!view.has().starts) return;
  const starts_list& starts = view.starts();
  std::vector<std::vector<unsafe_call>> calls(starts.size());
  bool any = false;
  for (std::size_t i = 0; i < starts.size(); ++i)
    if (starts[i].lambda != nullptr) any = !(calls[i] = calls_of(view, starts[i].body())).empty() || any;
  if (!any || view.cfg() == nullptr) return;
  llvm::SmallPtrSet<const clang::CallExpr*, 4> told;
  view.pending().for_each([&](const clang::CFGElement& element, const std::vector<path_set>& now) {
    const auto statement = element.getAs<clang::CFGStmt>();
    if (!statement) return;
    const clang::Stmt* s = statement->getStmt();
    const auto* own = llvm::dyn_cast<clang::CallExpr>(s);
    const family its =
        own != nullptr ? family_of(c_function_name(own->getDirectCallee(), view.context().getSourceManager()))
                       : family();
    for (std::size_t i = 0; i < starts.size(); ++i) {
      // It was started on some path to here, and on no path did anything wait for it since.
      if ((now[i] & under_way) == 0 || (now[i] & ended) != 0) continue;
      for (const unsafe_call& c : calls[i]) {
        if (starts[i].call == s && told.insert(c.call).second) tell(found, c, starts[i], {}, true);
        if (its.shares != nullptr && now[i] == under_way && llvm::StringRef(its.shares) == c.what.shares &&
            told.insert(c.call).second)
          tell(found, c, starts[i], own->getBeginLoc(), false);
        for (std::size_t j = 0; j < starts.size(); ++j)
          if (j != i && starts[j].call == s)
            for (const unsafe_call& d : calls[j])
              if (llvm::StringRef(d.what.shares) == c.what.shares && now[i] == under_way &&
                  told.insert(c.call).second)
                tell(found, c, starts[i], d.call->getBeginLoc(), false);
      }
    }
  });
}

}  // namespace snag::vet
