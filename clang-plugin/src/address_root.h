// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where an address comes from: the variable, parameter or pointer at its start, and the distance if it is a
// constant. Follows parameters through the stack slots that unoptimised code keeps them in.
#include "clang-plugin/src/source_tables.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Value.h"

namespace llvm {
class AllocaInst;
class Argument;
class GlobalVariable;
class LoadInst;
}  // namespace llvm

namespace snag::plugin {

struct address_root {
  const llvm::Value* start = nullptr;
  std::int64_t offset = 0;  // bytes, or unknown_offset

  const llvm::GlobalVariable* global() const;
  const llvm::AllocaInst* local() const;
  const llvm::Argument* parameter() const;  // the address is a parameter's value plus the offset
  const llvm::LoadInst* loaded() const;
};

address_root root_of(const llvm::Value* pointer, const llvm::DataLayout&);
// Pointers that unoptimised code loads on the way to this address, parameters' stack slots included.
int load_depth(const llvm::Value* pointer);
const llvm::Argument* self_argument(const llvm::Function&);  // where *this would be passed

}  // namespace snag::plugin
