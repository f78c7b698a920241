// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/address_root.h"

#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Operator.h"

namespace snag::plugin {
namespace {

const llvm::Argument* spilled_parameter(const llvm::Value* value) {
  const auto* load = llvm::dyn_cast<llvm::LoadInst>(value);
  const auto* slot = load == nullptr ? nullptr : llvm::dyn_cast<llvm::AllocaInst>(load->getPointerOperand());
  if (slot == nullptr) return nullptr;
  const llvm::Argument* parameter = nullptr;
  for (const llvm::User* user : slot->users()) {
    const auto* store = llvm::dyn_cast<llvm::StoreInst>(user);
    if (store == nullptr || store->getPointerOperand() != slot) continue;
    if (parameter != nullptr || !llvm::isa<llvm::Argument>(store->getValueOperand())) return nullptr;
    parameter = llvm::cast<llvm::Argument>(store->getValueOperand());
  }
  return parameter;
}

}  // namespace

const llvm::GlobalVariable* address_root::global() const {
  return llvm::dyn_cast<llvm::GlobalVariable>(start);
}
const llvm::AllocaInst* address_root::local() const { return llvm::dyn_cast<llvm::AllocaInst>(start); }
const llvm::Argument* address_root::parameter() const { return llvm::dyn_cast<llvm::Argument>(start); }
const llvm::LoadInst* address_root::loaded() const { return llvm::dyn_cast<llvm::LoadInst>(start); }

address_root root_of(const llvm::Value* pointer, const llvm::DataLayout& layout) {
  address_root root;
  llvm::APInt offset(layout.getIndexTypeSizeInBits(pointer->getType()), 0);
  bool known = true;
  for (;;) {
    pointer = pointer->stripAndAccumulateConstantOffsets(layout, offset, true);
    const auto* step = llvm::dyn_cast<llvm::GEPOperator>(pointer);
    if (step == nullptr) break;
    known = false;
    pointer = step->getPointerOperand();
  }
  if (const llvm::Argument* parameter = spilled_parameter(pointer)) pointer = parameter;
  root.start = pointer;
  root.offset = known ? offset.getSExtValue() : unknown_offset;
  return root;
}

int load_depth(const llvm::Value* pointer) {
  constexpr int deepest = 64;
  for (int depth = 0; depth < deepest; ++depth) {
    while (const auto* step = llvm::dyn_cast<llvm::GEPOperator>(pointer)) pointer = step->getPointerOperand();
    const auto* load = llvm::dyn_cast<llvm::LoadInst>(pointer);
    if (load == nullptr) return depth;
    pointer = load->getPointerOperand();
  }
  return deepest;
}

const llvm::Argument* self_argument(const llvm::Function& f) {
  const unsigned first = f.arg_size() > 0 && f.getArg(0)->hasStructRetAttr() ? 1 : 0;
  return f.arg_size() > first ? f.getArg(first) : nullptr;
}

}  // namespace snag::plugin
