// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/function_facts.h"

#include "clang-plugin/src/runtime_files.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"

namespace snag::plugin {
namespace {

bool in_namespace_snag(const clang::Decl& d) {
  const clang::NamespaceDecl* outermost = nullptr;
  for (const clang::DeclContext* c = d.getDeclContext(); c != nullptr; c = c->getParent())
    if (const auto* n = llvm::dyn_cast<clang::NamespaceDecl>(c)) outermost = n;
  return outermost != nullptr && outermost->getIdentifier() != nullptr && outermost->getName() == "snag";
}

const clang::FunctionDecl& written(const clang::FunctionDecl& f) {
  const clang::FunctionDecl* pattern = f.getTemplateInstantiationPattern();
  return pattern == nullptr ? f : *pattern;
}

template <class Attribute, class Predicate>
bool any_declaration_has(const clang::FunctionDecl& f, Predicate matches) {
  for (const clang::FunctionDecl* version : {&f, &written(f)})
    for (const clang::FunctionDecl* d : version->redecls())
      for (const auto* attribute : d->specific_attrs<Attribute>())
        if (matches(*attribute)) return true;
  return false;
}

bool ignores_races(const clang::AnnotateAttr& a) { return a.getAnnotation() == "snag.ignore_races"; }

}  // namespace

bool is_runtime_header_function(const clang::FunctionDecl& f) {
  if (!in_namespace_snag(f)) return false;
  const clang::SourceManager& sources = f.getASTContext().getSourceManager();
  const clang::PresumedLoc place = sources.getPresumedLoc(sources.getExpansionLoc(written(f).getLocation()));
  return place.isValid() && is_runtime_header(place.getFilename());
}

bool has_user_access(const clang::FunctionDecl& f) {
  return any_declaration_has<clang::AnnotateAttr>(
      f, [](const clang::AnnotateAttr& a) { return a.getAnnotation() == "snag.user_access"; });
}

bool opts_out_of_checks(const clang::ValueDecl& v) {
  for (const clang::Decl* d : v.redecls())
    for (const auto* attribute : d->specific_attrs<clang::AnnotateAttr>())
      if (ignores_races(*attribute)) return true;
  return false;
}

bool opts_out_of_checks(const clang::FunctionDecl& f) {
  if (any_declaration_has<clang::AnnotateAttr>(f, ignores_races)) return true;
  return any_declaration_has<clang::NoSanitizeAttr>(f, [](const clang::NoSanitizeAttr& a) {
    return static_cast<bool>(a.getMask() & clang::SanitizerKind::Thread);
  });
}

}  // namespace snag::plugin
