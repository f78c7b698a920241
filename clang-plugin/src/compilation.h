// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the two halves share about one translation unit. Made by the AST half, kept alive by the passes.
#include "clang-plugin/src/options.h"
#include "clang-plugin/src/source_tables.h"

namespace snag::plugin {

struct compilation {
  explicit compilation(const options& o) : opts(o) {}
  options opts;
  source_tables sources;
};

}  // namespace snag::plugin
