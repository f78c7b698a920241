// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/vet/effects.h"

#include "clang-plugin/vet/operation.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/Builtins.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace snag::vet {
namespace {

constexpr unsigned deepest = 8;

effect of_operation(const operation& o) {
  using enum operation_kind;
  switch (o.kind) {
    case go:  // a group with a limit waits for room
      return o.type == type_kind::err_group ? starts | waits | tells : starts;
    case spawn:
      return starts;
    case detach:
      return no_effect;
    case add:
    case done:
    case close:
    case unlock:
      return tells;
    case join:
    case wait:
    case lock:
    case send:
    case receive:
      return tells | waits;
    case none:
      break;
  }
  return no_effect;
}

}  // namespace

effect effects::of_c_function(llvm::StringRef name) {
  // What may wait for or tell another thread; callbacks are looked at by their arguments.
  for (const llvm::StringRef family :
       {"pthread_", "sem_",   "mtx_", "cnd_", "thrd_",     "tss_",    "epoll_",        "sig",
        "msg",      "mq_",    "aio_", "io_",  "__atomic_", "__sync_", "__c11_atomic_", "__scoped_atomic_",
        "wait",     "recv",   "send", "read", "write",     "pread",   "pwrite",        "inotify_",
        "timerfd_", "eventfd"})
    if (name.starts_with(family)) return anything;
  return llvm::StringSwitch<effect>(name)
      .Cases("call_once", "accept", "accept4", "connect", "poll", "ppoll", "select", "pselect", anything)
      .Cases("pause", "syscall", "flock", "lockf", "fcntl", "ioctl", "close", "fork", "vfork", anything)
      .Cases("clone", "kill", "raise", "dlopen", "dlclose", "system", "popen", "pclose", anything)
      .Cases("longjmp", "_longjmp", "siglongjmp", "setjmp", "_setjmp", "atexit", anything)
      .Cases("fgets", "fread", "getline", "getdelim", "fgetc", "getc", "getchar", "fscanf", anything)
      .Default(no_effect);
}

effect effects::of_callables(llvm::ArrayRef<const clang::Expr*> arguments) {
  effect all = no_effect;
  for (const clang::Expr* a : arguments) {
    if (a == nullptr) return anything;
    const clang::QualType type = a->getType().getNonReferenceType();
    if (const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
        record != nullptr && record->isLambda()) {
      const clang::CXXMethodDecl* call = record->getLambdaCallOperator();
      if (call == nullptr || record->isGenericLambda()) return anything;
      all |= of_body(*call);
    } else if (type->isFunctionPointerType() || type->isFunctionType()) {
      const auto* named = llvm::dyn_cast<clang::DeclRefExpr>(a->IgnoreParenImpCasts());
      if (named == nullptr || !is_in_standard_library(named->getDecl())) return anything;
    } else if (!is_plain(type)) {
      all |= anything;
    }
  }
  return all;
}

effect effects::of_snag(const clang::FunctionDecl& f, llvm::ArrayRef<const clang::Expr*> arguments) {
  const llvm::StringRef name = word_name(f);
  if (const auto* m = llvm::dyn_cast<clang::CXXMethodDecl>(&f)) {
    switch (kind_of(m->getParent())) {
      case type_kind::chan:
        if (name.starts_with("try_")) return tells | waits;
        return no_effect;
      case type_kind::wait_group:
      case type_kind::err_group:
      case type_kind::cancellable:
        return no_effect;
      case type_kind::defer:
        return no_effect;  // its destructor is another matter
      case type_kind::mutex:
        return llvm::isa<clang::CXXConstructorDecl>(m) ? no_effect : tells | waits;
      case type_kind::snag_handle:
        if (llvm::isa<clang::CXXConstructorDecl>(m) || f.isOverloadedOperator() == false) {
          if (name == "err" || name == "cause") return tells | waits;
          return no_effect;
        }
        return f.getOverloadedOperator() == clang::OO_Call ? tells : no_effect;
      default:
        return llvm::isa<clang::CXXConstructorDecl>(m) && arguments.empty() ? no_effect : anything;
    }
  }
  const bool harmless = llvm::StringSwitch<bool>(name)
                            .Cases("println", "print", "sleep_for", "sleep_until", "now", true)
                            .Cases("with_cancel", "with_timeout", "with_deadline", "with_value", true)
                            .Default(false);
  return harmless ? of_callables(arguments) : anything;
}

effect effects::of_library(const clang::FunctionDecl& f, llvm::ArrayRef<const clang::Expr*> arguments) {
  const llvm::StringRef name = word_name(f);
  if (const auto* m = llvm::dyn_cast<clang::CXXMethodDecl>(&f)) {
    const type_kind kind = kind_of(m->getParent());
    switch (kind) {
      case type_kind::other:
        if (!m->isStatic() && !is_plain(m->getFunctionObjectParameterType())) {
          // A vector of threads, say: what does no more than look at or add to it is known to wait for
          // nobody.
          const bool looks =
              llvm::StringSwitch<bool>(name)
                  .Cases("emplace_back", "push_back", "reserve", "size", "empty", "begin", "end", true)
                  .Cases("front", "back", "data", "get", true)
                  .Default(false);
          if (!looks && f.getOverloadedOperator() != clang::OO_Subscript &&
              f.getOverloadedOperator() != clang::OO_Arrow && f.getOverloadedOperator() != clang::OO_Star &&
              !(llvm::isa<clang::CXXConstructorDecl>(m) && arguments.empty()))
            return anything;
        }
        break;
      case type_kind::mutex:
      case type_kind::recursive_mutex:
        return llvm::isa<clang::CXXConstructorDecl>(m) ? no_effect : tells | waits;
      case type_kind::guard:
        return tells | waits;
      case type_kind::thread:
        return no_effect;  // made, moved, asked; join is told apart before
      case type_kind::joining_thread:
        return m->getOverloadedOperator() == clang::OO_Equal ? tells | waits : no_effect;
      case type_kind::synchronises:
        if (llvm::isa<clang::CXXConstructorDecl>(m) &&
            llvm::all_of(arguments, [](const clang::Expr* a) { return is_plain(a->getType()); }))
          return no_effect;
        return anything;
      default:
        return anything;
    }
    return of_callables(arguments);
  }
  if (llvm::StringSwitch<bool>(name)
          .StartsWith("atomic_", true)
          .Cases("async", "call_once", "invoke", "apply", "lock", "try_lock", "notify_all_at_thread_exit",
                 true)
          .Cases("visit", "terminate", "set_terminate", "getline", "rethrow_exception", true)
          .Default(false))
    return anything;
  if (llvm::StringSwitch<bool>(name)  // they move or name an object, whatever it is
          .Cases("move", "forward", "ref", "cref", "addressof", "as_const", "make_tuple", "tie", true)
          .Default(false))
    return no_effect;
  return of_callables(arguments);
}

effect effects::of_body(const clang::FunctionDecl& f) {
  const clang::FunctionDecl* definition = nullptr;
  if (!f.hasBody(definition) || definition == nullptr || definition->isDependentContext()) return anything;
  if (const auto* m = llvm::dyn_cast<clang::CXXMethodDecl>(definition); m != nullptr && m->isVirtual() &&
                                                                        !m->hasAttr<clang::FinalAttr>() &&
                                                                        !m->getParent()->isEffectivelyFinal())
    return anything;
  const auto [place, is_new] = bodies_.try_emplace(definition, anything);  // while it is looked at: recursion
  if (!is_new) return place->second;
  if (depth_ >= deepest) return anything;
  ++depth_;
  effect all = of_all(definition->getBody());
  if (const auto* made = llvm::dyn_cast<clang::CXXConstructorDecl>(definition))
    for (const clang::CXXCtorInitializer* init : made->inits()) all |= of_all(init->getInit());
  --depth_;
  bodies_[definition] = all;
  return all;
}

effect effects::of_function(const clang::FunctionDecl* f, llvm::ArrayRef<const clang::Expr*> arguments) {
  if (f == nullptr) return anything;
  if (f->isTrivial() || f->isConsteval()) return no_effect;
  if (is_in_snag(f)) return of_snag(*f, arguments);
  if (is_in_standard_library(f)) return of_library(*f, arguments);
  if (f->isExternC() || f->getBuiltinID() != 0) {
    const clang::SourceManager& sources = context_.getSourceManager();
    const llvm::StringRef name = c_function_name(f, sources);
    if (!name.empty()) return of_c_function(name) | of_callables(arguments);
  }
  if (const auto* m = llvm::dyn_cast<clang::CXXMethodDecl>(f);
      m != nullptr && m->isDefaulted() && m->isImplicit())
    if (is_plain(context_.getRecordType(m->getParent()))) return no_effect;
  return of_body(*f);
}

effect effects::of_call(const clang::CallExpr& call) {
  if (const operation o = operation_of(&call); o.kind != operation_kind::none) return of_operation(o);
  if (llvm::isa<clang::CXXPseudoDestructorExpr>(call.getCallee()->IgnoreParens())) return no_effect;
  llvm::SmallVector<const clang::Expr*, 6> arguments(call.arguments().begin(), call.arguments().end());
  if (const auto* m = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(call.getDirectCallee());
      m != nullptr && llvm::isa<clang::CXXOperatorCallExpr>(call) && m->isInstance() && !arguments.empty())
    arguments.erase(arguments.begin());  // the object
  return of_function(call.getDirectCallee(), arguments);
}

effect effects::of(const clang::Stmt* s) {
  if (s == nullptr) return no_effect;
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(s)) return of_call(*call);
  if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(s)) {
    if (const operation o = operation_of(s); o.kind != operation_kind::none) return of_operation(o);
    if (made->getConstructor()->isTrivial() || is_plain(made->getType())) return no_effect;
    llvm::SmallVector<const clang::Expr*, 4> arguments(made->arguments().begin(), made->arguments().end());
    if (made->getConstructor()->isCopyOrMoveConstructor() &&
        made->getType()->getAsCXXRecordDecl()->isLambda())
      return no_effect;  // copies what it holds: handles, strings, …
    return of_function(made->getConstructor(), arguments);
  }
  if (const auto* gone = llvm::dyn_cast<clang::CXXDeleteExpr>(s))
    return of_destroying(gone->getDestroyedType());
  if (llvm::isa<clang::AtomicExpr>(s)) return tells | waits;
  if (llvm::isa<clang::AsmStmt, clang::CoroutineSuspendExpr, clang::StmtExpr>(s)) return anything;
  if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(s);
      cast != nullptr && cast->getSubExpr()->getType()->isAtomicType())
    return tells | waits;  // C's _Atomic
  if (const auto* o = llvm::dyn_cast<clang::BinaryOperator>(s);
      o != nullptr && o->getLHS()->getType()->isAtomicType())
    return tells | waits;
  return no_effect;
}

effect effects::of_destroying(clang::QualType type) {
  if (type.isNull()) return anything;
  type = type.getCanonicalType();
  if (type->isReferenceType() || is_plain(type)) return no_effect;
  while (const clang::Type* element = type->getArrayElementTypeNoTypeQual())
    type = clang::QualType(element, 0);
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  if (record == nullptr || !record->hasDefinition()) return anything;
  if (record->hasTrivialDestructor()) return no_effect;
  switch (kind_of(record)) {
    case type_kind::guard:
      return tells;
    case type_kind::thread:
    case type_kind::mutex:
    case type_kind::recursive_mutex:
    case type_kind::snag_handle:
      return no_effect;
    case type_kind::cancellable:
      return tells;
    case type_kind::joining_thread:
      return tells | waits;
    case type_kind::defer: {
      const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
      if (instance == nullptr || instance->getTemplateArgs().size() == 0) return anything;
      const clang::CXXRecordDecl* f = instance->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
      if (f == nullptr || !f->isLambda() || f->isGenericLambda()) return anything;
      return of_body(*f->getLambdaCallOperator());
    }
    case type_kind::synchronises:
      return record->getName() == "shared_ptr" ? tells | waits : anything;
    default:
      break;
  }
  if (is_in_snag(record) || is_in_standard_library(record)) {
    // A vector of threads ends the program if one of them was not joined, and waits for none.
    if (const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
        instance != nullptr && record->getName() == "vector" &&
        instance->getTemplateArgs()[0].getKind() == clang::TemplateArgument::Type)
      return of_destroying(instance->getTemplateArgs()[0].getAsType());
    return anything;
  }
  effect all = no_effect;
  if (const clang::CXXDestructorDecl* gone = record->getDestructor(); gone != nullptr && !gone->isDefaulted())
    all |= of_body(*gone);
  for (const clang::CXXBaseSpecifier& base : record->bases()) all |= of_destroying(base.getType());
  for (const clang::FieldDecl* field : record->fields()) all |= of_destroying(field->getType());
  return all;
}

effect effects::of_all(const clang::Stmt* s) {
  if (s == nullptr) return no_effect;
  if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(s)) {
    effect all = no_effect;
    for (const clang::Expr* init : lambda->capture_inits()) all |= of_all(init);
    return all;
  }
  effect all = of(s);
  if (const auto* declared = llvm::dyn_cast<clang::DeclStmt>(s))
    for (const clang::Decl* d : declared->decls())
      if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(d)) all |= of_destroying(variable->getType());
  if (const auto* made = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(s))
    all |= of_destroying(made->getType());
  if (const auto* default_argument = llvm::dyn_cast<clang::CXXDefaultArgExpr>(s))
    all |= of_all(default_argument->getExpr());
  if (const auto* default_member = llvm::dyn_cast<clang::CXXDefaultInitExpr>(s))
    all |= of_all(default_member->getExpr());
  for (const clang::Stmt* child : s->children()) {
    if ((all & anything) == anything) break;
    all |= of_all(child);
  }
  return all;
}

effect effects::of(const clang::CFGElement& element) {
  if (const auto statement = element.getAs<clang::CFGStmt>()) return of(statement->getStmt());
  if (const auto gone = element.getAs<clang::CFGAutomaticObjDtor>())
    return of_destroying(gone->getVarDecl()->getType());
  if (const auto gone = element.getAs<clang::CFGTemporaryDtor>())
    return of_destroying(gone->getBindTemporaryExpr()->getType());
  if (const auto gone = element.getAs<clang::CFGDeleteDtor>())
    return of_destroying(gone->getDeleteExpr()->getDestroyedType());
  if (const auto init = element.getAs<clang::CFGInitializer>())
    return of_all(init->getInitializer()->getInit());
  return no_effect;
}

}  // namespace snag::vet
