// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/tool/findings_json.h"

#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/Path.h"

namespace snag::vet {
namespace {

class writer {
 public:
  explicit writer(const clang::ASTContext& context)
      : context_(context), sources_(context.getSourceManager()) {}

  llvm::json::Object place(clang::SourceLocation l) const {
    const clang::SourceLocation at = sources_.getFileLoc(l);
    return llvm::json::Object{{"file", file(at)},
                              {"line", int64_t(sources_.getSpellingLineNumber(at))},
                              {"column", int64_t(sources_.getSpellingColumnNumber(at))}};
  }

  llvm::json::Object object(const finding& f) const {
    llvm::json::Object result = place(f.place);
    result["rule"] = f.rule;
    result["message"] = f.message;
    llvm::json::Array notes;
    for (const note& n : f.notes) {
      llvm::json::Object o = place(n.place);
      o["message"] = n.text;
      notes.push_back(std::move(o));
    }
    result["notes"] = std::move(notes);
    if (llvm::json::Array all = edits(f); !all.empty()) result["edits"] = std::move(all);
    return result;
  }

 private:
  std::string file(clang::SourceLocation at) const {
    llvm::SmallString<256> name(sources_.getFilename(at));
    sources_.getFileManager().makeAbsolutePath(name);
    llvm::sys::path::remove_dots(name, /*remove_dot_dot=*/true);
    return name.str().str();
  }

  // None if one of them cannot be made in a file.
  llvm::json::Array edits(const finding& f) const {
    llvm::json::Array all;
    for (const clang::FixItHint& hint : f.edits) {
      const clang::CharSourceRange range =
          clang::Lexer::makeFileCharRange(hint.RemoveRange, sources_, context_.getLangOpts());
      if (range.isInvalid()) return {};
      const auto [id, offset] = sources_.getDecomposedLoc(range.getBegin());
      const unsigned end = sources_.getFileOffset(range.getEnd());
      all.push_back(llvm::json::Object{{"file", file(range.getBegin())},
                                       {"offset", int64_t(offset)},
                                       {"length", int64_t(end - offset)},
                                       {"text", hint.CodeToInsert}});
    }
    return all;
  }

  const clang::ASTContext& context_;
  const clang::SourceManager& sources_;
};

}  // namespace

llvm::json::Array to_json(const findings& all, const clang::ASTContext& context) {
  const writer w(context);
  llvm::json::Array result;
  for (const finding& f : all) result.push_back(w.object(f));
  return result;
}

}  // namespace snag::vet
