// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/inline_check.h"

#include "clang-plugin/src/masked_access.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace snag::plugin {
namespace {

std::uint64_t needed_alignment(const access& a) { return a.size == 16 ? 8 : a.size; }

bool surely_aligned(const access& a) { return a.alignment.value() >= needed_alignment(a); }

// One stub serves all accesses of a size for which the same would be emitted in place.
llvm::Align stub_alignment(const access& a) {
  if (!surely_aligned(a)) return llvm::Align(1);
  return llvm::Align(a.alignment.value() < a.size ? needed_alignment(a) : a.size);
}

class condition {  // true: our own record of this epoch covers the bytes
 public:
  condition(llvm::IRBuilder<>& b, const access& a)
      : b_(b), access_(a), address_(b.CreatePtrToInt(a.pointer, b.getInt64Ty())) {}

  llvm::Value* build() {
    llvm::Value* hit = nullptr;
    switch (access_.size) {
      case 1:
      case 2:
        hit = small();
        break;
      case 4:
        readers_ = cell(b_.getInt32Ty(), 0);
        hit = in_window(readers_);
        break;
      case 8:
        readers_ = cell(b_.getInt64Ty(), 0);
        hit = pair(readers_);
        break;
      default: {
        llvm::Value* low = cell(b_.getInt64Ty(), 0);
        llvm::Value* same = b_.CreateICmpEQ(low, cell(b_.getInt64Ty(), 8));
        hit = b_.CreateLogicalAnd(same, pair(low));
      }
    }
    if (surely_aligned(access_)) return hit;
    readers_ = nullptr;
    llvm::Value* low_bits = b_.CreateAnd(address_, needed_alignment(access_) - 1);
    return b_.CreateLogicalAnd(b_.CreateICmpEQ(low_bits, b_.getInt64(0)), hit);
  }

  // After build(), where it is false: true if the cells are the set of readers that we are known to be in;
  // null: not asked.
  llvm::Value* readers_known(llvm::IRBuilder<>& b) {
    if (access_.write || readers_ == nullptr) return nullptr;
    llvm::Value* known = hot(b, offsetof(hooks::hot_state, known_set));
    if (access_.size == 8) {
      known = b.CreateZExt(known, b.getInt64Ty());
      known = b.CreateOr(known, b.CreateShl(known, 32));
    }
    return b.CreateICmpEQ(readers_, known);
  }

 private:
  llvm::Value* cell(llvm::Type* type, std::uint64_t offset) {
    // Where the access may be unaligned, the cells of the aligned address are loaded, and do not count.
    const std::uint64_t unit = std::max<std::uint64_t>(needed_alignment(access_), hooks::granule_size);
    const bool on_boundary = access_.size >= hooks::granule_size && surely_aligned(access_);
    llvm::Value* granule = on_boundary ? address_ : b_.CreateAnd(address_, ~(unit - 1));
    llvm::Value* at = b_.CreateXor(granule, access_.write ? hooks::write_plane : hooks::read_plane);
    if (offset != 0) at = b_.CreateAdd(at, b_.getInt64(offset));
    llvm::LoadInst* load = b_.CreateAlignedLoad(type, b_.CreateIntToPtr(at, b_.getPtrTy()),
                                                llvm::Align(type->getIntegerBitWidth() / 8));
    load->setAtomic(llvm::AtomicOrdering::Monotonic);
    return load;
  }

  static llvm::Value* hot(llvm::IRBuilder<>& b, std::uint64_t offset) {
    return b.CreateAlignedLoad(b.getInt32Ty(), hot_word(b.getContext(), offset), llvm::Align(4), true);
  }

  llvm::Value* in_window(llvm::Value* cell) {
    llvm::Value* distance = b_.CreateSub(cell, hot(b_, offsetof(hooks::hot_state, window_base)));
    return b_.CreateICmpULT(distance, hot(b_, offsetof(hooks::hot_state, window_span)));
  }

  llvm::Value* pair(llvm::Value* cells) {
    llvm::Value* first = b_.CreateTrunc(cells, b_.getInt32Ty());
    llvm::Value* second = b_.CreateTrunc(b_.CreateLShr(cells, 32), b_.getInt32Ty());
    return b_.CreateLogicalAnd(b_.CreateICmpEQ(first, second), in_window(first));
  }

  llvm::Value* small() {
    const std::uint32_t bytes = access_.size == 1 ? 1 : 3;
    llvm::Value* position = b_.CreateAnd(b_.CreateTrunc(address_, b_.getInt32Ty()), 4 - access_.size);
    llvm::Value* need = b_.CreateShl(b_.getInt32(bytes << hooks::cell_id_bits), position);
    llvm::Value* mask = b_.CreateOr(need, hooks::cell_id_mask);
    readers_ = b_.CreateAnd(cell(b_.getInt32Ty(), 0), mask);
    return in_window(readers_);
  }

  llvm::IRBuilder<>& b_;
  const access& access_;
  llvm::Value* address_;
  llvm::Value* readers_ = nullptr;  // what is compared with known_set
};

}  // namespace

llvm::Constant* hot_word(llvm::LLVMContext& context, std::uint64_t offset) {
  return llvm::ConstantExpr::getIntToPtr(llvm::ConstantInt::get(llvm::Type::getInt64Ty(context), offset),
                                         llvm::PointerType::get(context, hooks::gs_address_space));
}

void check_emitter::emit(const access& a, llvm::Constant* site, check_way way) {
  if (!a.inlineable()) way = check_way::by_hook;
  llvm::IRBuilder<> b(a.at);
  switch (way) {
    case check_way::in_place:
      return emit_in_place(a, site);
    case check_way::by_stub:
      return call_stub(a, site);
    case check_way::by_hook:
      return call_hook(b, a, site);
  }
}

void check_emitter::emit_in_place(const access& a, llvm::Value* site) {
  constexpr unsigned rare = 1, usual = 100000;
  llvm::IRBuilder<> b(a.at);
  condition own(b, a);
  llvm::Value* miss = b.CreateNot(own.build());
  llvm::MDNode* weights = llvm::MDBuilder(b.getContext()).createBranchWeights(rare, usual);
  llvm::Instruction* cold = llvm::SplitBlockAndInsertIfThen(miss, a.at->getIterator(), false, weights);
  llvm::IRBuilder<> at_cold(cold);
  at_cold.SetCurrentDebugLocation(a.at->getDebugLoc());
  if (llvm::Value* known = own.readers_known(at_cold)) {
    cold = llvm::SplitBlockAndInsertIfThen(at_cold.CreateNot(known), cold->getIterator(), false);
    at_cold.SetInsertPoint(cold);
  }
  call_hook(at_cold, a, site);
}

// detector/check_stubs.h has them.
void check_emitter::call_stub(const access& a, llvm::Constant* site) {
  llvm::IRBuilder<> b(a.at);
  const std::string name =
      ("__snag_check_" + llvm::Twine(a.vtable != nullptr ? "vptr_" : "") + (a.write ? "write" : "read") +
       llvm::Twine(a.size) + "_" + llvm::Twine(stub_alignment(a).value()))
          .str();
  llvm::SmallVector<llvm::Value*, 3> arguments{a.pointer};
  if (a.vtable != nullptr) arguments.push_back(a.vtable);
  arguments.push_back(site);
  llvm::Function& stub = hooks_.hook(name, arguments);
  stub.removeFnAttr(llvm::Attribute::Cold);
  b.CreateCall(&stub, arguments)->setCallingConv(stub.getCallingConv());
}

void check_emitter::call_hook(llvm::IRBuilder<>& b, const access& a, llvm::Value* site) {
  if (a.has_lane()) {
    const lane_bytes lane = emit_lane(b, a);
    hooks_.range(b, a.write, lane.pointer, lane.length, site);
  } else if (a.vtable != nullptr) {
    hooks_.vtable_store(b, a.pointer, a.vtable, site);
  } else if (!a.inlineable() || a.alignment.value() < a.size) {
    hooks_.range(b, a.write, a.pointer, a.length != nullptr ? a.length : b.getInt64(a.size), site);
  } else {
    hooks_.value(b, a.size, a.write, a.pointer, site);
  }
}

}  // namespace snag::plugin
