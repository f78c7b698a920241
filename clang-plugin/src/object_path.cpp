// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/object_path.h"

#include <optional>

#include "clang-plugin/src/layout.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

namespace snag::plugin {
namespace {

using clang::Expr;

constexpr std::size_t longest_path = 200;

struct way {
  const char* start = "none";
  std::string type;  // of the start object
  std::int64_t size = 0, offset = 0;
  std::string record, text;  // the record: of the last field
  std::int64_t record_offset = 0;
  bool has_steps = false;
};

class way_finder {
 public:
  explicit way_finder(const source_printer& printer) : printer_(printer) {}

  std::optional<way> to(const Expr* e) const {
    e = without_wrappers(e);
    if (const auto* use = llvm::dyn_cast<clang::DeclRefExpr>(e)) return to_variable(*use);
    if (const auto* field = llvm::dyn_cast<clang::MemberExpr>(e)) return to_member(*field);
    if (const auto* element = llvm::dyn_cast<clang::ArraySubscriptExpr>(e)) return to_element(*element);
    if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(e)) return to_cast(*cast);
    if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(e)) {
      if (unary->getOpcode() == clang::UO_Deref) {
        std::optional<way> w = behind(unary->getSubExpr());
        if (w && !w->text.empty()) w->text = "(*" + w->text + ")";
        return w;
      }
      return std::nullopt;
    }
    if (const auto* call = llvm::dyn_cast<clang::CallExpr>(e)) return to_result(*call);
    return std::nullopt;
  }

 private:
  std::int64_t size_of(clang::QualType type) const {
    type = type.getNonReferenceType();
    if (type->isIncompleteType() || type->isDependentType() || type->isFunctionType() ||
        type->isVariablyModifiedType())
      return 0;
    return printer_.context().getTypeSizeInChars(type).getQuantity();
  }

  std::optional<way> object(clang::QualType type, llvm::StringRef text) const {
    way w;
    w.start = "object";
    // (Before elements with destructors new[] keeps their number, so the block is no plain array of them.)
    if (type.getNonReferenceType().isDestructedType() == clang::QualType::DK_none)
      w.type = printer_.type_of(type.getNonReferenceType().getUnqualifiedType());
    w.size = size_of(type);
    w.text = text;
    if (w.size == 0 || w.text.empty()) return std::nullopt;
    return w;
  }

  std::optional<way> to_static(const clang::VarDecl& variable, llvm::StringRef text) const {
    if (variable.getType()->isReferenceType()) return object(variable.getType(), text);
    way w;
    if (variable.hasGlobalStorage() && variable.getTLSKind() == clang::VarDecl::TLS_None) w.start = "global";
    w.type = printer_.type_of(variable.getType().getUnqualifiedType());
    w.size = size_of(variable.getType());
    w.text = text;
    if (w.text.empty()) return std::nullopt;
    return w;
  }

  std::optional<way> to_variable(const clang::DeclRefExpr& use) const {
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(use.getDecl());
    if (variable == nullptr || variable->isImplicit() || variable->getIdentifier() == nullptr)
      return std::nullopt;
    return to_static(*variable, printer_.name_of(*variable));
  }

  std::optional<way> to_member(const clang::MemberExpr& e) const {
    const auto* field = llvm::dyn_cast<clang::FieldDecl>(e.getMemberDecl());
    if (field == nullptr) {
      const auto* shared = llvm::dyn_cast<clang::VarDecl>(e.getMemberDecl());
      return shared == nullptr ? std::nullopt : to_static(*shared, printer_.name_of(*shared));
    }
    const std::int64_t at = field_offset(*field, printer_.context());
    if (field->isBitField() || at == unknown_offset) return std::nullopt;
    std::optional<way> w = e.isArrow() ? behind(e.getBase()) : to(e.getBase());
    if (!w) return std::nullopt;
    const bool named = !field->getDeclName().isEmpty();
    if (named && !w->text.empty()) w->text += e.isArrow() ? "->" : ".";
    if (named) w->text += field->getName();
    if (field->getType()->isReferenceType()) return object(field->getType(), w->text);
    w->offset += at;
    w->has_steps = true;
    const clang::RecordDecl* record = field->getParent();
    w->record = record->getIdentifier() == nullptr
                    ? ""
                    : printer_.type_of(printer_.context().getRecordType(record)).str();
    w->record_offset = at;
    return w;
  }

  std::optional<way> step(std::optional<way> array, clang::QualType element, std::int64_t count,
                          const Expr& index) const {
    const std::int64_t stride = size_of(element);
    if (!array || stride == 0) return std::nullopt;
    array->record.clear();
    array->has_steps = true;
    const auto constant =
        index.isValueDependent() ? std::nullopt : index.getIntegerConstantExpr(printer_.context());
    if (constant && constant->getSignificantBits() <= 32) {
      array->offset += constant->getExtValue() * stride;
      array->text += "[" + std::to_string(constant->getExtValue()) + "]";
    } else {
      array->text += "[\x02" + std::to_string(stride) + " " + std::to_string(count) + " " +
                     printer_.text_of(index).str() + "\x03]";
    }
    return array;
  }

  std::optional<way> to_element(const clang::ArraySubscriptExpr& e) const {
    const Expr* base = without_wrappers(e.getBase());
    const auto* decay = llvm::dyn_cast<clang::ImplicitCastExpr>(base);
    if (decay == nullptr || decay->getCastKind() != clang::CK_ArrayToPointerDecay)
      return object(e.getType(), printer_.text_of(e));  // where the pointer leads is not known
    const auto* type = printer_.context().getAsConstantArrayType(decay->getSubExpr()->getType());
    if (type == nullptr) return std::nullopt;
    return step(to(decay->getSubExpr()), e.getType(), static_cast<std::int64_t>(type->getZExtSize()),
                *e.getIdx());
  }

  std::optional<way> to_cast(const clang::CastExpr& cast) const {
    if (cast.getCastKind() == clang::CK_NoOp) return to(cast.getSubExpr());
    if (!moves_to_base(cast.getCastKind())) return std::nullopt;
    std::optional<way> w = to(cast.getSubExpr());
    const std::int64_t by = base_offset(cast, printer_.context());
    if (!w || by == unknown_offset) return std::nullopt;
    w->offset += by;
    return w;
  }

  // An element of a std::array lies as an element of an array does; of a std::vector, in a block of its own.
  std::optional<way> to_result(const clang::CallExpr& call) const {
    const auto* operation = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&call);
    if (operation == nullptr || operation->getOperator() != clang::OO_Subscript ||
        operation->getNumArgs() != 2) {
      const llvm::StringRef text = printer_.text_of(call);
      const bool star = operation != nullptr && operation->getOperator() == clang::OO_Star;
      return object(call.getType(), star ? printer_.save("(" + text + ")") : text);
    }
    const Expr* container = operation->getArg(0)->IgnoreParenImpCasts();
    const auto* made = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(
        container->getType()->getAsCXXRecordDecl());
    const bool is_std = made != nullptr && made->isInStdNamespace() && call.isGLValue();
    if (is_std && made->getName() == "array" && made->getTemplateArgs().size() == 2) {
      const clang::TemplateArgument& count = made->getTemplateArgs()[1];
      if (count.getKind() != clang::TemplateArgument::Integral) return std::nullopt;
      return step(to(container), call.getType(), count.getAsIntegral().getExtValue(), *operation->getArg(1));
    }
    if (!is_std || made->getName() != "vector") return object(call.getType(), printer_.text_of(call));
    std::optional<way> w = object(call.getType(), printer_.text_of(*container));
    if (!w) return std::nullopt;
    w->start = "vector";
    return step(std::move(w), call.getType(), 0, *operation->getArg(1));
  }

  // What a pointer leads to.
  std::optional<way> behind(const Expr* pointer) const {
    const Expr* e = without_wrappers(pointer);
    if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(e)) {
      if (cast->getCastKind() == clang::CK_ArrayToPointerDecay) return std::nullopt;
      if (cast->getCastKind() == clang::CK_NoOp) return behind(cast->getSubExpr());
      if (moves_to_base(cast->getCastKind())) {
        std::optional<way> w = behind(cast->getSubExpr());
        const std::int64_t by = base_offset(*cast, printer_.context());
        if (!w || by == unknown_offset) return std::nullopt;
        w->offset += by;
        return w;
      }
    }
    if (!e->getType()->isPointerType()) return std::nullopt;
    const clang::QualType type = e->getType()->getPointeeType();
    if (llvm::isa<clang::CXXThisExpr>(e)) {
      std::optional<way> w = object(type, "this");
      if (w && llvm::cast<clang::CXXThisExpr>(e)->isImplicit()) w->text.clear();
      return w;
    }
    if (const auto* address = llvm::dyn_cast<clang::UnaryOperator>(e);
        address && address->getOpcode() == clang::UO_AddrOf)
      return to(address->getSubExpr());
    if (const auto* call = llvm::dyn_cast<clang::CXXOperatorCallExpr>(e);
        call && call->getOperator() == clang::OO_Arrow)
      return object(type, printer_.text_of(*call->getArg(0)));
    return object(type, printer_.text_of(*e));
  }

  const source_printer& printer_;
};

}  // namespace

llvm::StringRef path_of(const Expr& designator, const source_printer& printer) {
  if (designator.isInstantiationDependent()) return {};
  const Expr* e = without_wrappers(&designator);
  const std::optional<way> w = way_finder(printer).to(e);
  if (!w || w->text.size() > longest_path) return {};
  // An element of an array that only a pointer knows: the block it lies in may tell which.
  if (!w->has_steps && !llvm::isa<clang::ArraySubscriptExpr>(e)) return {};
  std::string out = w->start;
  out += "\t" + w->type + "\t" + std::to_string(w->size) + "\t" + std::to_string(w->offset) + "\t" +
         w->record + "\t" + std::to_string(w->record_offset) + "\t" + w->text;
  return printer.save(out);
}

}  // namespace snag::plugin
