// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/source_collector.h"

#include "clang-plugin/src/function_facts.h"
#include "clang-plugin/src/layout.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ASTLambda.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/GlobalDecl.h"

namespace snag::plugin {

source_collector::source_collector(clang::ASTContext& context, source_tables& tables)
    : context_(context),
      tables_(tables),
      printer_(context, tables),
      namer_(printer_),
      objects_(namer_, printer_),
      fields_(printer_, namer_),
      mangler_(context.createMangleContext()) {}

void source_collector::collect() {
  add_declarations(*context_.getTranslationUnitDecl());
  while (!waiting_.empty()) {
    const clang::FunctionDecl* next = waiting_.front();
    waiting_.pop_front();
    read_function(*next);
  }
  tables_.finish();
}

void source_collector::add_declarations(const clang::DeclContext& scope) {
  for (const clang::Decl* d : scope.decls()) add_declaration(d);
}

void source_collector::add_declaration(const clang::Decl* d) {
  if (d->isInvalidDecl()) return;
  if (const auto* f = llvm::dyn_cast<clang::FunctionDecl>(d)) {
    add_function(f);
  } else if (const auto* functions = llvm::dyn_cast<clang::FunctionTemplateDecl>(d)) {
    for (const clang::FunctionDecl* f : functions->specializations()) add_function(f);
  } else if (const auto* classes = llvm::dyn_cast<clang::ClassTemplateDecl>(d)) {
    for (const clang::ClassTemplateSpecializationDecl* c : classes->specializations()) add_declaration(c);
  } else if (const auto* variables = llvm::dyn_cast<clang::VarTemplateDecl>(d)) {
    for (const clang::VarDecl* v : variables->specializations()) add_declaration(v);
  } else if (const auto* friends = llvm::dyn_cast<clang::FriendDecl>(d)) {
    if (friends->getFriendDecl() != nullptr) add_declaration(friends->getFriendDecl());
  } else if (const auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(d)) {
    if (record->isLambda() || record->isDependentContext() || !seen_.insert(record).second) return;
    add_declarations(*record);
  } else if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(d)) {
    if (variable->getType()->isDependentType() || variable->getDeclContext()->isDependentContext()) return;
    if (variable->getDescribedVarTemplate() != nullptr || !seen_.insert(variable).second) return;
    if (variable->hasGlobalStorage()) add_global(*variable);
    current_ = &tables_.outside();
    namer_.enter_closure(nullptr);
    read_variable(*variable);
  } else if (llvm::isa<clang::NamespaceDecl, clang::LinkageSpecDecl, clang::ExportDecl>(d)) {
    add_declarations(*llvm::cast<clang::DeclContext>(d));
  }
}

void source_collector::add_function(const clang::FunctionDecl* f) {
  const clang::FunctionDecl* definition = nullptr;
  if (!f->hasBody(definition) || definition == nullptr) return;
  if (definition->isDependentContext() || definition->isInvalidDecl() || definition->isDeleted()) return;
  if (definition->isConsteval() || llvm::isa<clang::CXXDeductionGuideDecl>(definition)) return;
  if (definition->isLateTemplateParsed() || definition->willHaveBody()) return;
  if (seen_.insert(definition).second) waiting_.push_back(definition);
}

std::string source_collector::mangled(clang::GlobalDecl declaration) const {
  const auto* named = llvm::cast<clang::NamedDecl>(declaration.getDecl());
  if (!mangler_->shouldMangleDeclName(named))
    return named->getIdentifier() ? named->getName().str() : std::string();
  std::string name;
  llvm::raw_string_ostream stream(name);
  mangler_->mangleName(declaration, stream);
  return name;
}

std::vector<std::string> source_collector::mangled_names(const clang::FunctionDecl& f) const {
  using clang::GlobalDecl;
  if (const auto* made = llvm::dyn_cast<clang::CXXConstructorDecl>(&f))
    return {mangled(GlobalDecl(made, clang::Ctor_Base)), mangled(GlobalDecl(made, clang::Ctor_Complete))};
  if (const auto* unmade = llvm::dyn_cast<clang::CXXDestructorDecl>(&f))
    return {mangled(GlobalDecl(unmade, clang::Dtor_Base)), mangled(GlobalDecl(unmade, clang::Dtor_Complete)),
            mangled(GlobalDecl(unmade, clang::Dtor_Deleting))};
  return {mangled(GlobalDecl(&f))};
}

void source_collector::add_global(const clang::VarDecl& variable) {
  if (variable.getDeclName().isEmpty()) return;
  const std::string name = mangled(clang::GlobalDecl(&variable));
  if (!name.empty()) tables_.add_global(name, namer_.variable(variable));
}

void source_collector::read_function(const clang::FunctionDecl& f) {
  const std::vector<std::string> names = mangled_names(f);
  if (names.front().empty()) return;
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&f);
  const clang::CXXRecordDecl* record =
      method != nullptr && method->isInstance() ? method->getParent() : nullptr;
  // Code generation gives an instance of a template the place of the template's body.
  const clang::FunctionDecl* pattern = f.getTemplateInstantiationPattern();
  const source_place place = printer_.place_of(pattern != nullptr ? pattern->getLocation() : f.getLocation());

  source_function& entry = tables_.add_function(names, place.line, fields_.of(record));
  entry.name = printer_.name_of(f);
  entry.file = place.file;
  entry.runtime = is_runtime_header_function(f);
  entry.user_access = has_user_access(f);
  entry.no_sanitize = opts_out_of_checks(f);
  entry.takes_vtt = record != nullptr && record->getNumVBases() > 0 &&
                    llvm::isa<clang::CXXConstructorDecl, clang::CXXDestructorDecl>(f);
  current_ = &entry;
  namer_.enter_function(f);
  ++run_;
  namer_.enter_closure(record != nullptr && record->isLambda() ? record : nullptr);
  for (const clang::ParmVarDecl* parameter : f.parameters()) {
    if (parameter->getIdentifier() == nullptr) continue;
    add_local(entry, *parameter);
  }
  if (const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&f))
    read_initialisers(*constructor);
  read(f.getBody());
  note_outermost(f, entry);
}

void source_collector::add_local(source_function& entry, const clang::VarDecl& variable) {
  local_variable local;
  if (const clang::QualType type = variable.getType(); !type->isReferenceType() && !type->isDependentType() &&
                                                       type->isConstantSizeType() &&
                                                       !type->isIncompleteType()) {
    local.size = static_cast<std::uint64_t>(context_.getTypeSizeInChars(type).getQuantity());
    local.used = used_bytes(type, context_);
  }
  const auto [known, is_new] = entry.locals.try_emplace(variable.getName(), local);
  if (is_new) {
    known->second.names = namer_.variable(variable);
  } else if (known->second.size != local.size || known->second.used != local.used) {
    known->second.size = known->second.used = 0;
  }
}

void source_collector::note_outermost(const clang::FunctionDecl& f, source_function& entry) {
  for (const clang::ParmVarDecl* parameter : f.parameters()) entry.outermost.insert(parameter->getName());
  const auto* body = llvm::dyn_cast_or_null<clang::CompoundStmt>(f.getBody());
  if (body == nullptr) return;
  for (const clang::Stmt* s : body->body())
    if (const auto* group = llvm::dyn_cast<clang::DeclStmt>(s))
      for (const clang::Decl* d : group->decls())
        if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(d);
            variable != nullptr && variable->getIdentifier() != nullptr)
          entry.outermost.insert(variable->getName());
}

void source_collector::read_initialisers(const clang::CXXConstructorDecl& constructor) {
  for (const clang::CXXCtorInitializer* init : constructor.inits()) {
    if (const clang::FieldDecl* field = init->getAnyMember();
        field != nullptr && !field->getDeclName().isEmpty()) {
      source_access a;
      a.write = true;
      a.names = namer_.variable(*field);
      a.names.expression = printer_.save(field->getName());
      add(a, init->getSourceLocation());
      note_stored(init->getInit(), a.names.variable);
    }
    read(init->getInit());
  }
}

void source_collector::read_declaration(const clang::Decl& d) {
  if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(&d)) {
    if (variable->isStaticLocal())
      add_global(*variable);
    else if (variable->getIdentifier() != nullptr)
      add_local(*current_, *variable);
    read_variable(*variable);
  } else if (llvm::isa<clang::TagDecl>(d)) {
    add_declaration(&d);
  }
}

void source_collector::read_variable(const clang::VarDecl& variable) {
  if (const auto* group = llvm::dyn_cast<clang::DecompositionDecl>(&variable))
    for (const clang::BindingDecl* binding : group->bindings())
      if (binding->getHoldingVar() != nullptr) read_variable(*binding->getHoldingVar());
  const clang::Expr* init = variable.getInit();
  if (init == nullptr) return;
  note_stored(init, printer_.name_of(variable));
  note_variable(variable, variable.getLocation());
  if (init->getType()->isRecordType() || init->getType()->isArrayType())
    note_variable(variable, init->getExprLoc());
  read(init);
}

void source_collector::read_lambda(const clang::LambdaExpr& lambda) {
  for (const clang::Expr* init : lambda.capture_inits())
    if (init != nullptr) read(init);
  const clang::CXXMethodDecl* call = lambda.getCallOperator();
  if (const clang::FunctionTemplateDecl* generic = call->getDescribedFunctionTemplate()) {
    for (const clang::FunctionDecl* f : generic->specializations()) add_function(f);
  } else {
    add_function(call);
  }
  if (const clang::CXXRecordDecl* closure = lambda.getLambdaClass())
    for (const clang::Decl* d : closure->decls())
      if (const auto* f = llvm::dyn_cast<clang::FunctionDecl>(d)) add_function(f);
}

void source_collector::read_children(const clang::Stmt& s) {
  for (const clang::Stmt* child : s.children()) read(child);
}

}  // namespace snag::plugin
