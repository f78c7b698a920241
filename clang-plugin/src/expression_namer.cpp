// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/expression_namer.h"

#include "clang-plugin/src/function_facts.h"
#include "clang-plugin/src/layout.h"
#include "clang-plugin/src/object_path.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/ASTLambda.h"
#include "llvm/ADT/STLExtras.h"

namespace snag::plugin {
namespace {

using clang::Expr;

const clang::DeclRefExpr* leftmost_variable(const Expr* e) {
  for (;;) {
    e = without_wrappers(e);
    if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(e))
      e = cast->getSubExpr();
    else if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(e))
      e = member->getBase();
    else if (const auto* element = llvm::dyn_cast<clang::ArraySubscriptExpr>(e))
      e = element->getBase();
    else if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(e))
      e = unary->getSubExpr();
    else if (const auto* call = llvm::dyn_cast<clang::CXXOperatorCallExpr>(e); call && call->getNumArgs() > 0)
      e = call->getArg(0);
    else if (const auto* method = llvm::dyn_cast<clang::CXXMemberCallExpr>(e))
      e = method->getImplicitObjectArgument();
    else
      return llvm::dyn_cast<clang::DeclRefExpr>(e);
    if (e == nullptr) return nullptr;
  }
}

bool starts_at_this(const Expr* e) {
  for (;;) {
    e = without_wrappers(e);
    if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(e))
      e = cast->getSubExpr();
    else if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(e))
      e = member->getBase();
    else
      return llvm::isa<clang::CXXThisExpr>(e);
  }
}

// Its functions that return references return elements of its own.
bool is_container(clang::QualType type) {
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  if (record == nullptr || !record->isInStdNamespace() || record->getIdentifier() == nullptr) return false;
  return llvm::is_contained({"vector", "array", "deque", "list", "forward_list", "basic_string", "map",
                             "multimap", "unordered_map", "unordered_multimap", "unique_ptr", "shared_ptr",
                             "optional", "valarray", "stack", "queue", "priority_queue"},
                            record->getName());
}

}  // namespace

void expression_namer::note_range_for(const clang::CXXForRangeStmt& loop) {
  for (const clang::DeclStmt* hidden : {loop.getRangeStmt(), loop.getBeginStmt(), loop.getEndStmt()})
    if (hidden != nullptr && hidden->isSingleDecl())
      if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(hidden->getSingleDecl()))
        hidden_[variable] = &loop;
}

named_object expression_namer::object(const Expr& designator) const {
  named_object out = part(&designator);
  out.names.type = printer_.type_of(designator.getType());
  out.names.expression = text(designator);
  const clang::CXXForRangeStmt* loop = hidden_loop(&designator);
  if (loop == nullptr) {
    out.names.path = path_of(designator, printer_);
    return out;
  }
  if (loop->getRangeInit()->getType()->isArrayType()) {
    const named_object range = part(loop->getRangeInit());
    out.names.variable = range.names.variable;
    out.names.declaration = range.names.declaration;
  }
  out.names.capture = base_capture(loop->getRangeInit());
  out.offset = unknown_offset;
  return out;
}

llvm::StringRef expression_namer::text(const Expr& e) const {
  if (unwritten_)
    if (const auto* field = llvm::dyn_cast<clang::MemberExpr>(&e))
      return printer_.save(field->getMemberDecl()->getName());
  const clang::CXXForRangeStmt* loop = hidden_loop(&e);
  if (loop == nullptr) {
    const llvm::StringRef written = printer_.text_of(e);
    // What a lambda captures by default stands in the source as "&" or "=".
    const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(&e);
    return use != nullptr && (written == "&" || written == "=") ? printer_.name_of(*use->getDecl()) : written;
  }
  return head_of(*loop);
}

// "job : jobs", "[key, value] : map".
llvm::StringRef expression_namer::head_of(const clang::CXXForRangeStmt& loop) const {
  return printer_.save(printer_.name_of(*loop.getLoopVariable()) + " : " +
                       printer_.text_of(*loop.getRangeInit()));
}

named_object expression_namer::pointee(const Expr& pointer) const {
  const Expr* e = without_wrappers(&pointer);
  while (const auto* cast = llvm::dyn_cast<clang::CastExpr>(e)) {
    if (cast->getCastKind() == clang::CK_LValueToRValue) break;
    e = without_wrappers(cast->getSubExpr());
    if (cast->getCastKind() == clang::CK_ArrayToPointerDecay) return object(*e);
  }
  if (const auto* address = llvm::dyn_cast<clang::UnaryOperator>(e);
      address && address->getOpcode() == clang::UO_AddrOf)
    return object(*address->getSubExpr());
  named_object out;
  out.names.expression = printer_.save("*" + printer_.text_of(*e));
  if (e->getType()->isPointerType()) out.names.type = printer_.type_of(e->getType()->getPointeeType());
  out.names.capture = base_capture(e);
  return out;
}

access_names expression_namer::variable(const clang::ValueDecl& declaration) const {
  access_names names;
  if (const clang::CXXForRangeStmt* loop = hidden_.lookup(&declaration)) {
    names.expression = head_of(*loop);
    return names;
  }
  names.variable = names.expression = printer_.name_of(declaration);
  names.type = printer_.type_of(declaration.getType().getNonReferenceType());
  names.declaration = printer_.place_text(declaration.getLocation());
  names.ignored = opts_out_of_checks(declaration);
  return names;
}

access_names expression_namer::capture(const clang::LambdaCapture& c,
                                       const clang::CXXRecordDecl& closure) const {
  access_names names;
  if (c.capturesVariable())
    names = variable(*c.getCapturedVar());
  else if (c.capturesThis())
    names.variable = names.expression = "this";
  names.capture = capture_text(c, closure);
  return names;
}

bool expression_namer::captured_by_reference(const clang::DeclRefExpr& use) const {
  if (!use.refersToEnclosingVariableOrCapture()) return false;
  const clang::LambdaCapture* c = find_capture(use.getDecl());
  return c != nullptr && c->getCaptureKind() == clang::LCK_ByRef;
}

named_object expression_namer::part(const Expr* e) const {
  e = without_wrappers(e);
  if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(e)) return variable_use(*use);
  if (const auto* field = llvm::dyn_cast<clang::MemberExpr>(e)) return member(*field);
  if (const auto* subscript = llvm::dyn_cast<clang::ArraySubscriptExpr>(e)) return element(*subscript);
  if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(e)) {
    if (cast->getCastKind() == clang::CK_LValueToRValue) return {};
    named_object out = part(cast->getSubExpr());
    if (moves_to_base(cast->getCastKind()))
      out.offset = add(out.offset, base_offset(*cast, printer_.context()));
    else if (cast->getCastKind() == clang::CK_BaseToDerived)
      out.offset = unknown_offset;
    return out;
  }
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(e)) {
    switch (unary->getOpcode()) {
      case clang::UO_PreInc:
      case clang::UO_PreDec:
      case clang::UO_Extension:
      case clang::UO_Real:
        return part(unary->getSubExpr());
      case clang::UO_Deref: {
        named_object out = pointer_value(unary->getSubExpr());
        out.names.capture = base_capture(unary->getSubExpr());
        return out;
      }
      default:
        return {};
    }
  }
  if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(e)) {
    if (binary->isAssignmentOp()) return part(binary->getLHS());
    if (binary->getOpcode() == clang::BO_Comma) return part(binary->getRHS());
    return {};
  }
  named_object out;
  if (llvm::isa<clang::CallExpr, clang::MaterializeTemporaryExpr>(e)) {
    out.depth = 0;
    out.offset = 0;
  }
  out.names.capture = base_capture(e);
  out.names.declaration = declaration_of_container(*e);
  return out;
}

// Of an element, where the container is declared that holds it.
llvm::StringRef expression_namer::declaration_of_container(const Expr& element) const {
  const Expr* container = nullptr;
  if (const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&element);
      operation && operation->getNumArgs() > 0)
    container = operation->getArg(0);
  else if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(&element))
    container = member->getImplicitObjectArgument();
  if (container == nullptr || !is_container(container->getType())) return {};
  return part(container->IgnoreParenImpCasts()).names.declaration;
}

named_object expression_namer::variable_use(const clang::DeclRefExpr& use) const {
  if (const auto* binding = llvm::dyn_cast<clang::BindingDecl>(use.getDecl())) {
    named_object out;
    if (binding->getBinding() != nullptr && binding->getHoldingVar() == nullptr)
      out = part(binding->getBinding());
    out.names.variable = printer_.name_of(*binding);
    out.names.declaration = printer_.place_text(binding->getLocation());
    return out;
  }
  const auto* variable_declaration = llvm::dyn_cast<clang::VarDecl>(use.getDecl());
  if (variable_declaration == nullptr) return {};
  named_object out;
  out.names = variable(*variable_declaration);
  out.offset = 0;
  out.depth = variable_declaration->getType()->isReferenceType() ? 1 : 0;
  if (!use.refersToEnclosingVariableOrCapture()) return out;
  if (const clang::LambdaCapture* c = find_capture(variable_declaration)) {
    out.names.capture = capture_text(*c, *closure_);
    const bool reference = c->getCaptureKind() == clang::LCK_ByRef;
    out.depth = reference ? 2 : 1;  // the closure's own address is loaded first
    if (!reference) out.offset = unknown_offset;
  }
  return out;
}

named_object expression_namer::member(const clang::MemberExpr& e) const {
  named_object out;
  const auto* field = llvm::dyn_cast<clang::FieldDecl>(e.getMemberDecl());
  if (field == nullptr) {
    if (const auto* shared = llvm::dyn_cast<clang::VarDecl>(e.getMemberDecl())) {
      out.names = variable(*shared);
      out.offset = 0;
      out.depth = 0;
    }
    return out;
  }
  const named_object base = e.isArrow() ? pointer_value(e.getBase()) : part(e.getBase());
  out.offset = add(base.offset, field_offset(*field, printer_.context()));
  out.depth = base.depth;
  if (field->getType()->isReferenceType()) {
    out.offset = 0;
    if (out.depth != unknown_depth) ++out.depth;
  }
  if (!field->getDeclName().isEmpty()) out.names = variable(*field);
  out.names.ignored |= !e.isArrow() && base.names.ignored;
  out.names.capture = base_capture(e.getBase());
  return out;
}

named_object expression_namer::element(const clang::ArraySubscriptExpr& e) const {
  named_object out;
  const Expr* base = without_wrappers(e.getBase());
  const auto* decay = llvm::dyn_cast<clang::ImplicitCastExpr>(base);
  if (decay != nullptr && decay->getCastKind() == clang::CK_ArrayToPointerDecay) {
    out = part(decay->getSubExpr());
  } else {
    out = pointer_value(base);
    out.names.capture = base_capture(base);
  }
  const auto index =
      e.getIdx()->isValueDependent() ? std::nullopt : e.getIdx()->getIntegerConstantExpr(printer_.context());
  const bool sized = !e.getType()->isIncompleteType();
  if (index && sized && index->getSignificantBits() <= 32)
    out.offset = add(out.offset,
                     index->getExtValue() * printer_.context().getTypeSizeInChars(e.getType()).getQuantity());
  else
    out.offset = unknown_offset;
  return out;
}

named_object expression_namer::pointer_value(const Expr* e) const {
  e = without_wrappers(e);
  named_object out;
  if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(e)) {
    switch (cast->getCastKind()) {
      case clang::CK_LValueToRValue:
        out.offset = 0;
        out.depth = part(cast->getSubExpr()).depth;
        if (out.depth != unknown_depth) ++out.depth;
        return out;
      case clang::CK_ArrayToPointerDecay: {
        const named_object array = part(cast->getSubExpr());
        out.offset = array.offset;
        out.depth = array.depth;
        return out;
      }
      default:
        break;
    }
    out = pointer_value(cast->getSubExpr());
    if (moves_to_base(cast->getCastKind()))
      out.offset = add(out.offset, base_offset(*cast, printer_.context()));
    else if (cast->getCastKind() == clang::CK_BaseToDerived)
      out.offset = unknown_offset;
    return out;
  }
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(e);
      unary && unary->getOpcode() == clang::UO_AddrOf) {
    const named_object object = part(unary->getSubExpr());
    out.offset = object.offset;
    out.depth = object.depth;
  } else if (const auto* sum = llvm::dyn_cast<clang::BinaryOperator>(e); sum && sum->isAdditiveOp()) {
    const Expr* side = sum->getLHS()->getType()->isPointerType() ? sum->getLHS() : sum->getRHS();
    out.depth = pointer_value(side).depth;
  } else if (llvm::isa<clang::CXXThisExpr>(e)) {
    out.offset = 0;
    out.depth = closure_ == nullptr ? 1 : 2;
  } else if (llvm::isa<clang::CallExpr, clang::CXXNewExpr>(e)) {
    out.offset = 0;
    out.depth = 0;
  }
  return out;
}

const clang::LambdaCapture* expression_namer::find_capture(const clang::ValueDecl* variable) const {
  if (closure_ == nullptr) return nullptr;
  for (const clang::LambdaCapture& c : closure_->captures())
    if (c.capturesVariable() && c.getCapturedVar() == variable) return &c;
  return nullptr;
}

llvm::StringRef expression_namer::capture_text(const clang::LambdaCapture& c,
                                               const clang::CXXRecordDecl& closure) const {
  const char* how = "by copy";
  if (c.getCaptureKind() == clang::LCK_ByRef)
    how = "by reference";
  else if (c.getCaptureKind() == clang::LCK_This)
    how = "by pointer";
  const llvm::StringRef where = printer_.place_text(c.isImplicit() ? closure.getBeginLoc() : c.getLocation());
  return where.empty() ? printer_.save(how) : printer_.save(how + llvm::Twine(" at ") + where);
}

// "box by reference at f.cpp:20" for box.field and box[i] inside the lambda.
llvm::StringRef expression_namer::base_capture(const Expr* e) const {
  if (closure_ == nullptr || e == nullptr) return {};
  if (starts_at_this(e)) {
    for (const clang::LambdaCapture& c : closure_->captures())
      if (c.capturesThis()) return printer_.save("this " + capture_text(c, *closure_));
    return {};
  }
  const clang::DeclRefExpr* use = leftmost_variable(e);
  if (use == nullptr || !use->refersToEnclosingVariableOrCapture()) return {};
  const clang::LambdaCapture* c = find_capture(use->getDecl());
  if (c == nullptr) return {};
  return printer_.save(use->getDecl()->getDeclName().getAsString() + " " + capture_text(*c, *closure_));
}

const clang::CXXForRangeStmt* expression_namer::hidden_loop(const Expr* e) const {
  if (hidden_.empty()) return nullptr;
  const clang::DeclRefExpr* use = leftmost_variable(e);
  return use == nullptr ? nullptr : hidden_.lookup(use->getDecl());
}

}  // namespace snag::plugin
