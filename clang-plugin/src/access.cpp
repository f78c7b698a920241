// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/access.h"

#include "clang-plugin/src/masked_access.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Metadata.h"
#include "llvm/IR/Module.h"

namespace snag::plugin {
namespace {

using llvm::dyn_cast;
using llvm::isa;

bool has_vtable_tag(const llvm::Instruction& i) {
  const llvm::MDNode* tag = i.getMetadata(llvm::LLVMContext::MD_tbaa);
  return tag != nullptr && tag->isTBAAVtableAccess();
}

// Without optimisation there are no type tags: the stored value is part of a vtable, or comes from the table
// of vtables that the function was given.
bool stores_vtable_pointer(const llvm::StoreInst& store, bool takes_vtt) {
  if (has_vtable_tag(store)) return true;
  const llvm::Value* value = store.getValueOperand();
  if (!value->getType()->isPointerTy()) return false;
  if (const auto* table = dyn_cast<llvm::GlobalVariable>(value->stripInBoundsOffsets()))
    return table->getName().starts_with("_ZTV") || table->getName().starts_with("_ZTC");
  const auto* load = dyn_cast<llvm::LoadInst>(value);
  if (!takes_vtt || load == nullptr) return false;
  const llvm::Value* vtt = load->getPointerOperand()->stripInBoundsOffsets();
  if (const auto* argument = dyn_cast<llvm::Argument>(vtt)) return argument->getArgNo() == 1;
  const auto* reload = dyn_cast<llvm::LoadInst>(vtt);
  const auto* slot = reload == nullptr ? nullptr : dyn_cast<llvm::AllocaInst>(reload->getPointerOperand());
  if (slot == nullptr) return false;
  for (const llvm::User* user : slot->users())
    if (const auto* spill = dyn_cast<llvm::StoreInst>(user))
      if (const auto* argument = dyn_cast<llvm::Argument>(spill->getValueOperand()))
        return argument->getArgNo() == 1;
  return false;
}

// A function's address read out of a vtable, which never changes.
bool reads_vtable(const llvm::LoadInst& load) {
  const auto* table = dyn_cast<llvm::LoadInst>(load.getPointerOperand()->stripInBoundsOffsets());
  return table != nullptr && loads_vtable_pointer(*table);
}

bool is_compilers_own(const llvm::GlobalVariable& global) {
  const llvm::StringRef name = global.getName();
  for (llvm::StringRef prefix : {"__profc_", "__profd_", "__profvp_", "__llvm_", "__sancov_", "__covrec_"})
    if (name.starts_with(prefix)) return true;
  // Cleared once by the detector before any thread exists; read by every reference count of libstdc++.
  return name == "__libc_single_threaded" || global.getSection().starts_with("__llvm_prf");
}

// Memory that no other goroutine can change under us: constants, and errno, which travels with the goroutine.
bool never_races(const llvm::Value* pointer) {
  const llvm::Value* object = llvm::getUnderlyingObject(pointer, 0);
  if (isa<llvm::ConstantPointerNull, llvm::UndefValue>(object)) return true;
  if (const auto* global = dyn_cast<llvm::GlobalVariable>(object))
    return global->isConstant() || is_compilers_own(*global);
  const auto* call = dyn_cast<llvm::CallBase>(object);
  const llvm::Function* callee = call == nullptr ? nullptr : call->getCalledFunction();
  return callee != nullptr && callee->getName() == "__errno_location";
}

bool plain_pointer(const llvm::Value* pointer) {
  return pointer->getType()->getPointerAddressSpace() == 0 && !pointer->isSwiftError();
}

class finder {
 public:
  finder(llvm::Instruction& i, llvm::SmallVectorImpl<access>& out)
      : at_(i), layout_(i.getModule()->getDataLayout()), out_(out) {}

  void typed(llvm::Value* pointer, llvm::Type* type, llvm::Align alignment, bool write,
             llvm::Value* vtable = nullptr) {
    const llvm::TypeSize size = layout_.getTypeStoreSize(type);
    if (size.isScalable() || size.getFixedValue() == 0) return;
    access a;
    a.size = size.getFixedValue();
    a.alignment = alignment;
    a.vtable = vtable;
    put(a, pointer, write);
  }

  void bytes(llvm::Value* pointer, llvm::Value* length, llvm::MaybeAlign alignment, bool write) {
    access a;
    a.alignment = alignment.valueOrOne();
    if (const auto* constant = dyn_cast<llvm::ConstantInt>(length))
      a.size = constant->getZExtValue();
    else
      a.length = length;
    if (a.size == 0 && a.length == nullptr) return;
    put(a, pointer, write);
  }

 private:
  void put(access a, llvm::Value* pointer, bool write) {
    if (!plain_pointer(pointer) || never_races(pointer)) return;
    a.at = &at_;
    a.pointer = pointer;
    a.write = write;
    out_.push_back(a);
  }

  llvm::Instruction& at_;
  const llvm::DataLayout& layout_;
  llvm::SmallVectorImpl<access>& out_;
};

}  // namespace

access access_by_callee(llvm::CallBase& call, llvm::Value* pointer, std::uint64_t size, bool write) {
  access a;
  a.at = &call;
  a.pointer = pointer;
  a.size = size;
  a.write = write;
  a.by_callee = true;
  return a;
}

void find_accesses(llvm::Instruction& i, bool takes_vtt, llvm::SmallVectorImpl<access>& out) {
  if (i.hasMetadata(llvm::LLVMContext::MD_nosanitize)) return;
  finder find(i, out);
  if (auto* load = dyn_cast<llvm::LoadInst>(&i)) {
    if (load->isAtomic() || load->hasMetadata(llvm::LLVMContext::MD_invariant_load) || reads_vtable(*load))
      return;
    find.typed(load->getPointerOperand(), load->getType(), load->getAlign(), false);
  } else if (auto* store = dyn_cast<llvm::StoreInst>(&i)) {
    if (store->isAtomic()) return;
    llvm::Value* value = store->getValueOperand();
    find.typed(store->getPointerOperand(), value->getType(), store->getAlign(), true,
               stores_vtable_pointer(*store, takes_vtt) ? value : nullptr);
  } else if (auto* memory = dyn_cast<llvm::AnyMemIntrinsic>(&i)) {
    if (auto* transfer = dyn_cast<llvm::AnyMemTransferInst>(memory))
      find.bytes(transfer->getRawSource(), memory->getLength(), transfer->getSourceAlign(), false);
    find.bytes(memory->getRawDest(), memory->getLength(), memory->getDestAlign(), true);
  } else if (auto* intrinsic = dyn_cast<llvm::IntrinsicInst>(&i)) {
    const std::size_t before = out.size();
    find_masked_accesses(*intrinsic, out);
    for (std::size_t k = before; k < out.size();) {
      llvm::Value* base = out[k].lane.pointers != nullptr ? nullptr : out[k].pointer;
      if (base != nullptr && (!plain_pointer(base) || never_races(base)))
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(k));
      else
        ++k;
    }
  } else if (auto* call = dyn_cast<llvm::CallBase>(&i)) {
    for (unsigned k = 0; k < call->arg_size(); ++k)
      if (call->isByValArgument(k))
        find.typed(call->getArgOperand(k), call->getParamByValType(k), llvm::Align(1), false);
  }
}

bool loads_vtable_pointer(const llvm::Instruction& i) {
  return isa<llvm::LoadInst>(i) && (has_vtable_tag(i) || i.getName().starts_with("vtable"));
}

bool is_atomic_operation(const llvm::Instruction& i) {
  if (!i.isAtomic()) return false;
  if (const auto* fence = dyn_cast<llvm::FenceInst>(&i))
    return fence->getSyncScopeID() != llvm::SyncScope::SingleThread;
  if (isa<llvm::AnyMemIntrinsic>(i)) return false;
  const llvm::Value* pointer = atomic_pointer(const_cast<llvm::Instruction&>(i));
  if (pointer == nullptr || !plain_pointer(pointer)) return false;
  const std::uint64_t size = atomic_size(i);
  if (size != 1 && size != 2 && size != 4 && size != 8 && size != 16) return false;
  if (const auto* load = dyn_cast<llvm::LoadInst>(&i))
    return load->getSyncScopeID() != llvm::SyncScope::SingleThread;
  if (const auto* store = dyn_cast<llvm::StoreInst>(&i))
    return store->getSyncScopeID() != llvm::SyncScope::SingleThread;
  if (const auto* rmw = dyn_cast<llvm::AtomicRMWInst>(&i))
    return rmw->getSyncScopeID() != llvm::SyncScope::SingleThread;
  return llvm::cast<llvm::AtomicCmpXchgInst>(i).getSyncScopeID() != llvm::SyncScope::SingleThread;
}

llvm::Value* atomic_pointer(llvm::Instruction& i) {
  if (auto* load = dyn_cast<llvm::LoadInst>(&i)) return load->getPointerOperand();
  if (auto* store = dyn_cast<llvm::StoreInst>(&i)) return store->getPointerOperand();
  if (auto* rmw = dyn_cast<llvm::AtomicRMWInst>(&i)) return rmw->getPointerOperand();
  if (auto* exchange = dyn_cast<llvm::AtomicCmpXchgInst>(&i)) return exchange->getPointerOperand();
  return nullptr;
}

std::uint64_t atomic_size(const llvm::Instruction& i) {
  const llvm::Type* type = i.getType();
  if (const auto* store = dyn_cast<llvm::StoreInst>(&i)) type = store->getValueOperand()->getType();
  if (const auto* exchange = dyn_cast<llvm::AtomicCmpXchgInst>(&i))
    type = exchange->getNewValOperand()->getType();
  if (type->isVoidTy()) return 0;
  return i.getModule()->getDataLayout().getTypeStoreSize(const_cast<llvm::Type*>(type)).getFixedValue();
}

}  // namespace snag::plugin
