// SPDX-License-Identifier: Apache-2.0
#pragma once
// Facts about functions, found by the IR function or by the debug scope of an instruction that was inlined
// from it. Filled at the start of the pipeline, when functions and scopes still correspond one to one.
#include <memory>

#include "clang-plugin/src/source_tables.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"

namespace snag::plugin {

struct function_facts {
  std::string name;  // demangled, with its scope
  std::string file;  // as the compiler was given it
  std::uint32_t line = 0;
  const source_function* source = nullptr;  // null: the AST half did not see it
  bool runtime = false;                     // the library's own code in its headers …
  bool user_access = false;                 // … that touches the user's objects
  bool no_sanitize = false;
  bool hidden() const { return runtime && !user_access; }  // neither checked nor a frame
};

class function_index {
 public:
  explicit function_index(const source_tables& sources) : sources_(sources) {}
  const function_facts& of(const llvm::Function&);
  const function_facts& of(const llvm::DISubprogram&);
  const function_facts& at(const llvm::Instruction&);  // of the innermost function it was written in
  std::string file_of(const llvm::DIFile*) const;      // as the compiler was given it; empty if null

 private:
  function_facts& describe(llvm::StringRef linkage_name, llvm::StringRef name, const llvm::DISubprogram*);

  const source_tables& sources_;
  std::vector<std::unique_ptr<function_facts>> all_;
  llvm::DenseMap<const llvm::DISubprogram*, const function_facts*> by_scope_;
  llvm::StringMap<const function_facts*> by_name_;  // functions without debug information
};

}  // namespace snag::plugin
