// SPDX-License-Identifier: Apache-2.0
// The body of a function, expression by expression (see source_collector.h).
#include "clang-plugin/src/layout.h"
#include "clang-plugin/src/source_collector.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprConcepts.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/Builtins.h"

namespace snag::plugin {
namespace {

using clang::Expr;

bool is_trivial_copy(const clang::CXXConstructExpr& e) {
  const clang::CXXConstructorDecl* c = e.getConstructor();
  return c->isTrivial() && c->isCopyOrMoveConstructor() && e.getNumArgs() > 0;
}

bool is_trivial_assignment(const clang::CXXOperatorCallExpr& e) {
  const auto* method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(e.getDirectCallee());
  return method != nullptr && method->isTrivial() && e.getNumArgs() == 2 &&
         (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator());
}

// Between what precedes it and what follows it something may be called or left out.
bool ends_run(const clang::Stmt& s) {
  if (const auto* logic = llvm::dyn_cast<clang::BinaryOperator>(&s)) return logic->isLogicalOp();
  if (const auto* construction = llvm::dyn_cast<clang::CXXConstructExpr>(&s))
    return !is_trivial_copy(*construction);
  return llvm::isa<clang::CallExpr, clang::CXXNewExpr, clang::CXXDeleteExpr, clang::CXXThrowExpr,
                   clang::AbstractConditionalOperator, clang::IfStmt, clang::ForStmt, clang::WhileStmt,
                   clang::DoStmt, clang::CXXForRangeStmt, clang::SwitchStmt, clang::SwitchCase,
                   clang::LabelStmt, clang::CXXTryStmt, clang::CXXCatchStmt, clang::CompoundStmt>(s);
}

// A call whose result is a block that it has made.
bool is_allocation(const Expr& e) {
  if (llvm::isa<clang::CXXNewExpr>(e)) return true;
  const auto* call = llvm::dyn_cast<clang::CallExpr>(&e);
  const clang::FunctionDecl* callee = call == nullptr ? nullptr : call->getDirectCallee();
  if (callee == nullptr || callee->getIdentifier() == nullptr) return false;
  const llvm::StringRef name = callee->getName();
  if (callee->isInStdNamespace())
    return llvm::is_contained({"make_unique", "make_shared", "malloc", "calloc", "realloc"}, name);
  return callee->isExternC() &&
         llvm::is_contained({"malloc", "calloc", "realloc", "reallocarray", "aligned_alloc", "memalign",
                             "valloc", "strdup", "strndup"},
                            name);
}

}  // namespace

void source_collector::add(source_access a, clang::SourceLocation location) {
  const source_place place = printer_.place_of(location);
  if (!place.valid()) return;
  a.file = place.file;
  a.line = place.line;
  a.column = place.column;
  a.run = run_;
  current_->accesses.push_back(a);
}

void source_collector::note(const Expr& designator, clang::SourceLocation location, bool write,
                            llvm::StringRef text) {
  const Expr* e = designator.IgnoreParens();
  if (const auto* either = llvm::dyn_cast<clang::AbstractConditionalOperator>(e)) {
    if (text.empty()) text = namer_.text(*e);  // one place for two objects: they share the whole's words
    note(*either->getTrueExpr(), location, write, text);
    note(*either->getFalseExpr(), location, write, text);
    return;
  }
  if (e->isTypeDependent()) return;
  const named_object object = namer_.object(*e);
  source_access a;
  a.write = write;
  a.names = object.names;
  if (!text.empty()) a.names.expression = text;
  a.offset = object.offset;
  a.depth = object.depth;
  if (!e->getType()->isIncompleteType() && !e->refersToBitField())
    a.size = static_cast<std::uint32_t>(context_.getTypeSizeInChars(e->getType()).getQuantity());
  add(a, location);
}

void source_collector::note_load(const Expr& designator) {
  const Expr* e = designator.IgnoreParens();
  if (const auto* either = llvm::dyn_cast<clang::AbstractConditionalOperator>(e)) {
    note_load(*either->getTrueExpr());
    note_load(*either->getFalseExpr());
  } else if (const auto* comma = llvm::dyn_cast<clang::BinaryOperator>(e);
             comma && comma->getOpcode() == clang::BO_Comma) {
    note_load(*comma->getRHS());
  } else {
    note(*e, e->getExprLoc(), false);
  }
}

// The pointer behind a reference is itself read: from the closure, from the object, from the stack.
void source_collector::note_reference(const Expr& use) {
  const clang::ValueDecl* declaration = nullptr;
  bool reference = false;
  if (const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&use)) {
    declaration = name->getDecl();
    reference = declaration->getType()->isReferenceType() || namer_.captured_by_reference(*name);
  } else if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(&use)) {
    declaration = member->getMemberDecl();
    reference = declaration->getType()->isReferenceType();
  }
  if (!reference) return;
  source_access a;
  a.reference = true;
  a.size = 8;
  const named_object object = namer_.object(use);
  a.names = object.names;
  if (object.depth > 0) a.depth = object.depth - 1;
  add(a, use.getExprLoc());
}

void source_collector::note_pointee(const Expr& pointer, clang::SourceLocation location, bool write) {
  source_access a;
  a.write = write;
  a.names = namer_.pointee(pointer).names;
  add(a, location);
}

void source_collector::note_variable(const clang::VarDecl& variable, clang::SourceLocation location) {
  const bool named = variable.getIdentifier() != nullptr || llvm::isa<clang::DecompositionDecl>(variable);
  if (!named || variable.getType()->isReferenceType()) return;
  source_access a;
  a.write = true;
  a.names = namer_.variable(variable);
  add(a, location);
}

void source_collector::note_stored(const Expr* value, llvm::StringRef variable) {
  if (value == nullptr || variable.empty()) return;
  value = without_wrappers(value)->IgnoreParenCasts();
  if (is_allocation(*value)) stored_in_[value] = variable;
}

void source_collector::note_call(const Expr& e) {
  const source_place place = printer_.place_of(e.getExprLoc());
  if (!place.valid()) return;
  const clang::NamedDecl* callee = nullptr;
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&e)) callee = call->getDirectCallee();
  if (const auto* construction = llvm::dyn_cast<clang::CXXConstructExpr>(&e))
    callee = construction->getConstructor();
  const llvm::StringRef name = callee == nullptr ? "" : printer_.save(callee->getDeclName().getAsString());
  source_call call;
  call.line = place.line;
  call.column = place.column;
  call.run = ++run_;
  if (!namer_.in_unwritten_function()) call.expression = namer_.text(e);
  call.callee = name.take_until([](char c) { return c == '<'; });
  call.stored_in = stored_in_.lookup(&e);
  objects_.find(e, call);
  current_->calls.push_back(call);
}

void source_collector::read_assignment(const clang::BinaryOperator& e) {
  const Expr* left = e.getLHS();
  if (e.getOpcode() == clang::BO_Assign) note_stored(e.getRHS(), namer_.text(*left));
  note(*left, e.getExprLoc(), true);
  if (e.isCompoundAssignmentOp()) note(*left, e.getExprLoc(), false);
  // A structure is copied while its right side is being emitted.
  if (e.getType()->isRecordType()) note(*left, e.getRHS()->getExprLoc(), true);
}

void source_collector::read_call(const clang::CallExpr& e) {
  note_call(e);
  const clang::SourceLocation place = e.getExprLoc();
  if (const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&e)) {
    if (operation->getOperator() == clang::OO_Equal && operation->getNumArgs() == 2)
      note_stored(operation->getArg(1), namer_.text(*operation->getArg(0)));
    if (is_trivial_assignment(*operation)) {
      note(*operation->getArg(0), place, true);
      note(*operation->getArg(1), place, false);
    }
    return;
  }
  switch (e.getBuiltinCallee()) {
    case 0:
      return;
    case clang::Builtin::BImemcpy:
    case clang::Builtin::BI__builtin_memcpy:
    case clang::Builtin::BI__builtin___memcpy_chk:
    case clang::Builtin::BImemmove:
    case clang::Builtin::BI__builtin_memmove:
    case clang::Builtin::BI__builtin___memmove_chk:
    case clang::Builtin::BI__builtin_memcpy_inline:
    case clang::Builtin::BImempcpy:
    case clang::Builtin::BI__builtin_mempcpy:
      if (e.getNumArgs() < 2) return;
      note_pointee(*e.getArg(0), place, true);
      note_pointee(*e.getArg(1), place, false);
      return;
    case clang::Builtin::BImemset:
    case clang::Builtin::BI__builtin_memset:
    case clang::Builtin::BI__builtin___memset_chk:
    case clang::Builtin::BIbzero:
    case clang::Builtin::BI__builtin_bzero:
    case clang::Builtin::BI__builtin_memset_inline:
      if (e.getNumArgs() > 0) note_pointee(*e.getArg(0), place, true);
      return;
    default: {
      const clang::FunctionDecl* builtin = e.getDirectCallee();
      const llvm::StringRef name = builtin != nullptr && builtin->getIdentifier() ? builtin->getName() : "";
      if ((name.starts_with("__sync_") || name.starts_with("__atomic_")) && e.getNumArgs() > 0) {
        note_pointee(*e.getArg(0), place, true);
        note_pointee(*e.getArg(0), place, false);
      }
    }
  }
}

void source_collector::read_construction(const clang::CXXConstructExpr& e) {
  if (is_trivial_copy(e))
    note(*e.getArg(0), e.getExprLoc(), false);
  else
    note_call(e);
}

void source_collector::read_creation(const clang::CXXNewExpr& e) {
  note_call(e);
  if (!e.hasInitializer()) return;
  source_access a;
  a.write = true;
  a.names.expression = printer_.text_of(e);
  a.names.type = printer_.type_of(e.getAllocatedType());
  add(a, e.getExprLoc());
  if (e.getConstructExpr() != nullptr) add(a, e.getConstructExpr()->getExprLoc());
}

void source_collector::read(const clang::Stmt* s) {
  if (s == nullptr) return;
  if (const auto* e = llvm::dyn_cast<Expr>(s); e != nullptr && e->isInstantiationDependent()) return;

  if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(s)) return read_lambda(*lambda);
  if (const auto* argument = llvm::dyn_cast<clang::CXXDefaultArgExpr>(s)) return read(argument->getExpr());
  if (const auto* field = llvm::dyn_cast<clang::CXXDefaultInitExpr>(s)) return read(field->getExpr());
  if (const auto* choice = llvm::dyn_cast<clang::GenericSelectionExpr>(s))
    return read(choice->getResultExpr());
  if (const auto* choice = llvm::dyn_cast<clang::ChooseExpr>(s)) return read(choice->getChosenSubExpr());
  if (llvm::isa<clang::UnaryExprOrTypeTraitExpr, clang::CXXNoexceptExpr, clang::BlockExpr,
                clang::RequiresExpr>(s))
    return;
  if (const auto* type = llvm::dyn_cast<clang::CXXTypeidExpr>(s);
      type != nullptr && !type->isPotentiallyEvaluated())
    return;

  if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(s)) {
    if (!list->isSemanticForm() && list->getSemanticForm() != nullptr) return read(list->getSemanticForm());
  } else if (const auto* group = llvm::dyn_cast<clang::DeclStmt>(s)) {
    for (const clang::Decl* d : group->decls()) read_declaration(*d);
    return;
  } else if (const auto* loop = llvm::dyn_cast<clang::CXXForRangeStmt>(s)) {
    namer_.note_range_for(*loop);
  } else if (const auto* handler = llvm::dyn_cast<clang::CXXCatchStmt>(s)) {
    if (handler->getExceptionDecl() != nullptr) read_declaration(*handler->getExceptionDecl());
  } else if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(s)) {
    if (cast->getCastKind() == clang::CK_LValueToRValue ||
        cast->getCastKind() == clang::CK_LValueToRValueBitCast)
      note_load(*cast->getSubExpr());
  } else if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(s)) {
    if (binary->isAssignmentOp()) read_assignment(*binary);
  } else if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(s)) {
    if (unary->isIncrementDecrementOp()) {
      note(*unary->getSubExpr(), unary->getExprLoc(), false);
      note(*unary->getSubExpr(), unary->getExprLoc(), true);
    }
  } else if (const auto* atomic = llvm::dyn_cast<clang::AtomicExpr>(s)) {
    note_pointee(*atomic->getPtr(), atomic->getExprLoc(), false);
    note_pointee(*atomic->getPtr(), atomic->getExprLoc(), true);
  } else if (const auto* call = llvm::dyn_cast<clang::CallExpr>(s)) {
    read_call(*call);
  } else if (const auto* construction = llvm::dyn_cast<clang::CXXConstructExpr>(s)) {
    read_construction(*construction);
  } else if (const auto* temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(s)) {
    note(*temporary, temporary->getExprLoc(), true);
  } else if (const auto* creation = llvm::dyn_cast<clang::CXXNewExpr>(s)) {
    read_creation(*creation);
  } else if (llvm::isa<clang::CXXDeleteExpr, clang::CXXThrowExpr>(s)) {
    note_call(*llvm::cast<Expr>(s));
  } else if (llvm::isa<clang::DeclRefExpr, clang::MemberExpr>(s)) {
    note_reference(*llvm::cast<Expr>(s));
  }
  const bool alone = ends_run(*s);
  if (alone) ++run_;
  read_children(*s);
  if (alone) ++run_;
}

}  // namespace snag::plugin
