// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a check found in the source: plain data, valid as long as the translation unit.
#include <string>
#include <vector>

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/SourceLocation.h"

namespace snag::vet {

struct note {
  clang::SourceLocation place;
  std::string text;
};

struct finding {
  const char* rule = "";
  clang::SourceLocation place;
  std::string message;  // one line, without a full stop
  std::vector<note> notes = {};
  std::vector<clang::FixItHint> edits = {};  // all of them or none; only where they are certain to be right
};

using findings = std::vector<finding>;

}  // namespace snag::vet
