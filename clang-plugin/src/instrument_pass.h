// SPDX-License-Identifier: Apache-2.0
#pragma once
// The two passes of the IR half over one module, and what they share.
#include <memory>

#include "clang-plugin/src/access_names.h"
#include "clang-plugin/src/compilation.h"
#include "clang-plugin/src/function_index.h"
#include "llvm/IR/PassManager.h"

namespace snag::plugin {

struct pipeline_state {
  explicit pipeline_state(std::shared_ptr<compilation> c)
      : shared(std::move(c)), functions(shared->sources), names(shared->sources, functions) {}
  std::shared_ptr<compilation> shared;
  function_index functions;
  access_naming names;
};

// At the start of the pipeline: tells the optimiser not to invent accesses (sanitize_thread: a speculated
// load would be reported as a race the source does not have), and settles the names of accesses.
class prepare_pass : public llvm::PassInfoMixin<prepare_pass> {
 public:
  explicit prepare_pass(std::shared_ptr<pipeline_state> state) : state_(std::move(state)) {}
  llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
  static bool isRequired() { return true; }

 private:
  std::shared_ptr<pipeline_state> state_;
};

// After simplification and inlining, before the vectoriser, which would merge accesses with bytes that the
// source never touches.
class instrument_pass : public llvm::PassInfoMixin<instrument_pass> {
 public:
  explicit instrument_pass(std::shared_ptr<pipeline_state> state) : state_(std::move(state)) {}
  llvm::PreservedAnalyses run(llvm::Module&, llvm::ModuleAnalysisManager&);
  static bool isRequired() { return true; }

 private:
  std::shared_ptr<pipeline_state> state_;
};

}  // namespace snag::plugin
