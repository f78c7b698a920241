// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/source_printer.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace snag::plugin {
namespace {

constexpr std::size_t longest_expression = 80, longest_type = 120;

// Whitespace and line breaks become one space; what is too long ends in dots.
std::string in_one_line(llvm::StringRef text, std::size_t longest) {
  std::string out;
  for (char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
    if (!blank)
      out.push_back(c);
    else if (!out.empty() && out.back() != ' ')
      out.push_back(' ');
    if (out.size() > longest) {
      out.resize(longest - 3);
      return out + "...";
    }
  }
  return out;
}

// A container's value_type or pointer says nothing to the reader of a report; a typedef of the user's does.
clang::QualType without_member_typedefs(clang::QualType type, const clang::ASTContext& context) {
  clang::Qualifiers qualifiers;
  for (;;) {
    const clang::SplitQualType split = type.split();
    qualifiers.addConsistentQualifiers(split.Quals);
    const auto* name = split.Ty->getAs<clang::TypedefType>();
    if (name == nullptr || !name->getDecl()->getDeclContext()->isRecord()) break;
    type = name->desugar();
  }
  return context.getQualifiedType(type.getUnqualifiedType(), qualifiers);
}

clang::PrintingPolicy policy_for(const clang::ASTContext& context) {
  clang::PrintingPolicy policy(context.getLangOpts());
  policy.AnonymousTagLocations = false;
  policy.SuppressUnwrittenScope = true;
  policy.TerseOutput = true;
  return policy;
}

}  // namespace

source_printer::source_printer(clang::ASTContext& context, source_tables& tables)
    : context_(context), tables_(tables), policy_(policy_for(context)) {}

source_place source_printer::place_of(clang::SourceLocation location) const {
  if (location.isInvalid()) return {};
  const clang::SourceManager& sources = context_.getSourceManager();
  const clang::PresumedLoc presumed = sources.getPresumedLoc(sources.getExpansionLoc(location));
  if (presumed.isInvalid()) return {};
  const llvm::StringRef file = tables_.text.save(llvm::StringRef(presumed.getFilename()));
  if (files_.insert(file.data()).second) {
    llvm::SmallString<256> absolute(file);
    if (!llvm::sys::fs::make_absolute(absolute)) tables_.add_file(absolute, file);
  }
  return {file, presumed.getLine(), presumed.getColumn()};
}

llvm::StringRef source_printer::text_of(const clang::Expr& e) const {
  const clang::SourceManager& sources = context_.getSourceManager();
  const clang::SourceRange range = e.getSourceRange();
  if (range.isValid()) {
    const clang::CharSourceRange written = sources.getExpansionRange(range);
    bool invalid = false;
    const llvm::StringRef text =
        clang::Lexer::getSourceText(written, sources, context_.getLangOpts(), &invalid);
    if (!invalid && !text.empty()) return save(in_one_line(text, longest_expression));
  }
  std::string printed;
  llvm::raw_string_ostream stream(printed);
  e.printPretty(stream, nullptr, policy_);
  return save(in_one_line(printed, longest_expression));
}

llvm::StringRef source_printer::name_of(const clang::NamedDecl& declaration) const {
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(&declaration);
  const bool local =
      llvm::isa<clang::BindingDecl>(declaration) || (variable != nullptr && variable->isLocalVarDeclOrParm());
  std::string name;
  llvm::raw_string_ostream stream(name);
  if (local)
    stream << declaration.getDeclName();
  else
    declaration.printQualifiedName(stream, policy_);
  constexpr llvm::StringLiteral closure = "(lambda)";
  if (const std::size_t at = name.find(closure); at != std::string::npos)
    name.replace(at, closure.size(), "'lambda'()");
  return save(in_one_line(name, longest_type));
}

llvm::StringRef source_printer::type_of(clang::QualType type) const {
  if (type.isNull()) return {};
  type = without_member_typedefs(type, context_);
  return save(in_one_line(type.getAsString(policy_), longest_type));
}

llvm::StringRef source_printer::place_text(clang::SourceLocation location) const {
  const source_place place = place_of(location);
  if (!place.valid()) return {};
  return save(place.file + ":" + llvm::Twine(place.line));
}

}  // namespace snag::plugin
