// SPDX-License-Identifier: Apache-2.0
#pragma once
// What comments exempt, in clang-tidy's words: NOLINT, NOLINT(rules), NOLINTNEXTLINE, NOLINTBEGIN …
// NOLINTEND, where rules are names with or without "snag-", and may have a *. A BEGIN without its END exempts
// nothing.
#include <string>
#include <vector>

#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/DenseMap.h"

namespace snag::vet {

class nolint {
 public:
  explicit nolint(const clang::SourceManager& sources) : sources_(sources) {}
  bool exempts(clang::SourceLocation, llvm::StringRef rule);

  struct range {
    unsigned first, last;  // lines
    std::string rules;     // a list with commas; "*": all
  };
  // The ranges of a file's text.
  static std::vector<range> read(llvm::StringRef text);

 private:
  const clang::SourceManager& sources_;
  llvm::DenseMap<clang::FileID, std::vector<range>> files_;
};

}  // namespace snag::vet
