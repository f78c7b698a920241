// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/vet/nolint.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/GlobPattern.h"

namespace snag::vet {
namespace {

// What follows the word in brackets; without brackets, everything is meant. Empty brackets mean nothing.
std::string rules_after(llvm::StringRef rest) {
  if (!rest.consume_front("(")) return "*";
  const std::size_t end = rest.find(')');
  return end == llvm::StringRef::npos ? "*" : rest.take_front(end).str();
}

bool names(llvm::StringRef rules, llvm::StringRef rule) {
  llvm::SmallVector<llvm::StringRef, 4> parts;
  rules.split(parts, ',');
  for (llvm::StringRef part : parts) {
    part = part.trim();
    if (part.empty()) continue;
    llvm::Expected<llvm::GlobPattern> glob = llvm::GlobPattern::create(part);
    if (!glob) {
      llvm::consumeError(glob.takeError());
      continue;
    }
    if (glob->match(rule) || glob->match(("snag-" + rule).str())) return true;
  }
  return false;
}

}  // namespace

std::vector<nolint::range> nolint::read(llvm::StringRef text) {
  std::vector<range> result, open;
  unsigned line = 0;
  while (!text.empty()) {
    ++line;
    const auto [here, rest] = text.split('\n');
    text = rest;
    for (std::size_t at = here.find("NOLINT"); at != llvm::StringRef::npos;
         at = here.find("NOLINT", at + 6)) {
      llvm::StringRef word = here.drop_front(at + 6);
      if (word.consume_front("NEXTLINE")) {
        result.push_back({line + 1, line + 1, rules_after(word)});
      } else if (word.consume_front("BEGIN")) {
        open.push_back({line, 0, rules_after(word)});
      } else if (word.consume_front("END")) {
        const std::string rules = rules_after(word);
        if (!open.empty() && open.back().rules == rules) {
          result.push_back({open.back().first, line, rules});
          open.pop_back();
        }
      } else {
        result.push_back({line, line, rules_after(word)});
      }
    }
  }
  return result;
}

bool nolint::exempts(clang::SourceLocation place, llvm::StringRef rule) {
  for (const clang::SourceLocation l : {sources_.getExpansionLoc(place), sources_.getSpellingLoc(place)}) {
    const auto [file, offset] = sources_.getDecomposedLoc(l);
    const auto [entry, is_new] = files_.try_emplace(file);
    if (is_new) {
      bool invalid = false;
      const llvm::StringRef text = sources_.getBufferData(file, &invalid);
      if (!invalid && text.contains("NOLINT")) entry->second = read(text);
    }
    if (entry->second.empty()) continue;
    const unsigned line = sources_.getLineNumber(file, offset);
    for (const range& r : entry->second)
      if (r.first <= line && line <= r.last && names(r.rules, rule)) return true;
  }
  return false;
}

}  // namespace snag::vet
