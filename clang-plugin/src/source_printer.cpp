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

std::string cut(std::string text, std::size_t longest) {
  if (text.size() <= longest) return text;
  text.resize(longest - 3);
  return text + "...";
}

// Without comments; white space becomes one space; of braces that span lines only the braces stay: {...}.
std::string in_one_line(llvm::StringRef text, const clang::LangOptions& language) {
  const std::string terminated = text.str();  // as the lexer needs it
  const char* const begin = terminated.c_str();
  clang::Lexer lexer({}, language, begin, begin, begin + terminated.size());
  struct brace {
    std::size_t at;  // in `out`, after the brace
    bool spans_lines;
  };
  std::vector<brace> open;
  std::string out;
  const char* end_of_last = begin;
  for (clang::Token token; lexer.LexFromRawLexer(token), token.isNot(clang::tok::eof);) {
    const char* const start = lexer.getBufferLocation() - token.getLength();
    if (token.isAtStartOfLine() && !out.empty())
      for (brace& b : open) b.spans_lines = true;
    if (start != end_of_last && !out.empty()) out.push_back(' ');
    end_of_last = lexer.getBufferLocation();
    if (token.is(clang::tok::r_brace) && !open.empty()) {
      if (open.back().spans_lines) out.replace(open.back().at, std::string::npos, "...");
      open.pop_back();
    }
    out.append(start, token.getLength());
    if (token.is(clang::tok::l_brace)) open.push_back({out.size(), false});
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
    if (text == "[") return {};  // where a closure's own copies and ends stand: nobody wrote them
    if (!invalid && !text.empty())
      return save(cut(in_one_line(text, context_.getLangOpts()), longest_expression));
  }
  std::string printed;
  llvm::raw_string_ostream stream(printed);
  e.printPretty(stream, nullptr, policy_);
  return save(cut(in_one_line(printed, context_.getLangOpts()), longest_expression));
}

llvm::StringRef source_printer::name_of(const clang::NamedDecl& declaration) const {
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(&declaration);
  const bool local =
      llvm::isa<clang::BindingDecl>(declaration) || (variable != nullptr && variable->isLocalVarDeclOrParm());
  std::string name;
  llvm::raw_string_ostream stream(name);
  if (const auto* group = llvm::dyn_cast<clang::DecompositionDecl>(&declaration))
    group->printName(stream, policy_);  // "[key, value]"
  else if (local)
    stream << declaration.getDeclName();
  else
    declaration.printQualifiedName(stream, policy_);
  constexpr llvm::StringLiteral closure = "(lambda)";
  if (const std::size_t at = name.find(closure); at != std::string::npos)
    name.replace(at, closure.size(), "'lambda'()");
  return save(cut(name, longest_type));
}

llvm::StringRef source_printer::type_of(clang::QualType type) const {
  if (type.isNull()) return {};
  type = without_member_typedefs(type, context_);
  std::string text = type.getAsString(policy_);
  // Deduced, it is called what the library calls it within: "shared_ptr<_NonArray<int>>".
  const bool within = llvm::isa<clang::AutoType>(type.getTypePtr()) || llvm::StringRef(text).contains("<_");
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  if (within && record != nullptr && record->isInStdNamespace() &&
      !llvm::StringRef(text).starts_with("std::"))
    text = type.getCanonicalType().getAsString(policy_);
  return save(cut(std::move(text), longest_type));
}

llvm::StringRef source_printer::place_text(clang::SourceLocation location) const {
  const source_place place = place_of(location);
  if (!place.valid()) return {};
  return save(place.file + ":" + llvm::Twine(place.line));
}

}  // namespace snag::plugin
