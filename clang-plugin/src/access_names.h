// SPDX-License-Identifier: Apache-2.0
#pragma once
// Joins what the AST half knows about a place in the source with the instruction that code generation put
// there. Before any optimisation the two correspond, so names are settled then and kept twice: as metadata on
// the instruction, which three quarters keep to the end, and under (function, line, column, read or write),
// which finds most of the others again. An access for which several names are possible gets what they agree
// on.
#include <map>

#include "clang-plugin/src/access.h"
#include "clang-plugin/src/function_index.h"
#include "clang-plugin/src/source_tables.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

namespace snag::plugin {

class access_naming {
 public:
  access_naming(source_tables& sources, function_index& functions)
      : sources_(sources), functions_(functions) {}

  void settle(llvm::Function&);  // at the start of the pipeline

  // Gives back the places that optimisation took from accesses of this function (a store sunk out of a loop).
  void restore_locations(llvm::Function&) const;

  // At any time later. Atomic operations too.
  access_names names_of(const llvm::Instruction&, const llvm::Value& pointer, std::uint64_t size, bool write);
  // Of a local variable whose life ends at `end`, which may be inlined code.
  local_variable local(const llvm::Instruction& end, const llvm::AllocaInst& variable);
  source_call call_at(const llvm::DILocation*, llvm::StringRef callee);
  // Takes what was attached to instructions off them: nobody else would know what it means, and what it looks
  // like is not allowed in a file.
  static void drop_notes(llvm::Module&);

 private:
  using place = std::pair<const llvm::DISubprogram*, std::uint64_t>;  // line, column, write
  struct settled {
    unsigned index;
    std::uint64_t size;
  };
  access_names choose(const llvm::Instruction&, const llvm::Value& pointer, std::uint64_t size, bool write,
                      bool settling);
  access_names from_address(const llvm::Instruction&, const llvm::Value& pointer, std::uint64_t size);
  access_names vtable_pointer();
  void keep(llvm::Instruction&, const access_names&, std::uint64_t size, bool write);
  unsigned index_of(const access_names&);

  source_tables& sources_;
  function_index& functions_;
  std::vector<access_names> all_;
  std::map<std::array<const char*, 6>, unsigned> indices_;
  llvm::DenseMap<place, llvm::SmallVector<settled, 2>> by_place_;
};

}  // namespace snag::plugin
