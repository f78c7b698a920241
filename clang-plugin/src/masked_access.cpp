// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/masked_access.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IntrinsicsX86.h"
#include "llvm/IR/Module.h"

namespace snag::plugin {
namespace {

using llvm::cast;
using llvm::Intrinsic::ID;

struct shape {
  llvm::Value* pointer = nullptr;  // base; null if `pointers`
  llvm::Value* pointers = nullptr;
  llvm::Value* indices = nullptr;
  llvm::Value* mask = nullptr;
  llvm::Type* data = nullptr;  // vector
  unsigned scale = 1;
  bool write = false, packed = false;
};

unsigned constant_of(llvm::Value* v) {
  return static_cast<unsigned>(cast<llvm::ConstantInt>(v)->getZExtValue());
}

shape generic_shape(llvm::IntrinsicInst& i) {
  shape s;
  switch (i.getIntrinsicID()) {
    case llvm::Intrinsic::masked_load:
      s = {.pointer = i.getArgOperand(0), .mask = i.getArgOperand(2), .data = i.getType()};
      break;
    case llvm::Intrinsic::masked_store:
      s = {.pointer = i.getArgOperand(1),
           .mask = i.getArgOperand(3),
           .data = i.getArgOperand(0)->getType(),
           .write = true};
      break;
    case llvm::Intrinsic::masked_gather:
      s = {.pointers = i.getArgOperand(0), .mask = i.getArgOperand(2), .data = i.getType()};
      break;
    case llvm::Intrinsic::masked_scatter:
      s = {.pointers = i.getArgOperand(1),
           .mask = i.getArgOperand(3),
           .data = i.getArgOperand(0)->getType(),
           .write = true};
      break;
    case llvm::Intrinsic::masked_expandload:
      s = {.pointer = i.getArgOperand(0), .mask = i.getArgOperand(1), .data = i.getType(), .packed = true};
      break;
    case llvm::Intrinsic::masked_compressstore:
      s = {.pointer = i.getArgOperand(1),
           .mask = i.getArgOperand(2),
           .data = i.getArgOperand(0)->getType(),
           .write = true,
           .packed = true};
      break;
    default:
      break;
  }
  return s;
}

shape x86_shape(llvm::IntrinsicInst& i) {
  switch (i.getIntrinsicID()) {
    case llvm::Intrinsic::x86_avx_maskload_pd:
    case llvm::Intrinsic::x86_avx_maskload_pd_256:
    case llvm::Intrinsic::x86_avx_maskload_ps:
    case llvm::Intrinsic::x86_avx_maskload_ps_256:
    case llvm::Intrinsic::x86_avx2_maskload_d:
    case llvm::Intrinsic::x86_avx2_maskload_d_256:
    case llvm::Intrinsic::x86_avx2_maskload_q:
    case llvm::Intrinsic::x86_avx2_maskload_q_256:
      return {.pointer = i.getArgOperand(0), .mask = i.getArgOperand(1), .data = i.getType()};
    case llvm::Intrinsic::x86_avx_maskstore_pd:
    case llvm::Intrinsic::x86_avx_maskstore_pd_256:
    case llvm::Intrinsic::x86_avx_maskstore_ps:
    case llvm::Intrinsic::x86_avx_maskstore_ps_256:
    case llvm::Intrinsic::x86_avx2_maskstore_d:
    case llvm::Intrinsic::x86_avx2_maskstore_d_256:
    case llvm::Intrinsic::x86_avx2_maskstore_q:
    case llvm::Intrinsic::x86_avx2_maskstore_q_256:
      return {.pointer = i.getArgOperand(0),
              .mask = i.getArgOperand(1),
              .data = i.getArgOperand(2)->getType(),
              .write = true};
    case llvm::Intrinsic::x86_sse2_maskmov_dqu:
      return {.pointer = i.getArgOperand(2),
              .mask = i.getArgOperand(1),
              .data = i.getArgOperand(0)->getType(),
              .write = true};
    default:
      break;
  }
  const llvm::StringRef name = llvm::Intrinsic::getBaseName(i.getIntrinsicID());
  if (name.starts_with("llvm.x86.avx2.gather.") || name.starts_with("llvm.x86.avx512.mask.gather"))
    return {.pointer = i.getArgOperand(1),
            .indices = i.getArgOperand(2),
            .mask = i.getArgOperand(3),
            .data = i.getType(),
            .scale = constant_of(i.getArgOperand(4))};
  if (name.starts_with("llvm.x86.avx512.mask.scatter"))
    return {.pointer = i.getArgOperand(0),
            .indices = i.getArgOperand(2),
            .mask = i.getArgOperand(1),
            .data = i.getArgOperand(3)->getType(),
            .scale = constant_of(i.getArgOperand(4)),
            .write = true};
  return {};
}

// What a constant mask says about a lane: 0 off, 1 on, -1 unknown.
int constant_lane(llvm::Value* mask, unsigned index) {
  const auto* constant = llvm::dyn_cast<llvm::Constant>(mask);
  const llvm::Constant* lane = constant == nullptr ? nullptr : constant->getAggregateElement(index);
  if (const auto* number = llvm::dyn_cast_or_null<llvm::ConstantInt>(lane))
    return number->getValue().isSignBitSet() ? 1 : 0;
  return -1;
}

unsigned lanes_of(llvm::Value* v) { return cast<llvm::FixedVectorType>(v->getType())->getNumElements(); }

}  // namespace

void find_masked_accesses(llvm::IntrinsicInst& i, llvm::SmallVectorImpl<access>& out) {
  shape s = generic_shape(i);
  if (s.mask == nullptr) s = x86_shape(i);
  if (s.mask == nullptr || !llvm::isa<llvm::FixedVectorType>(s.data) ||
      !llvm::isa<llvm::FixedVectorType>(s.mask->getType()))
    return;
  auto* vector = cast<llvm::FixedVectorType>(s.data);
  access a;
  a.at = &i;
  a.size = i.getModule()->getDataLayout().getTypeStoreSize(vector->getElementType()).getFixedValue();
  a.write = s.write;
  a.pointer = s.pointers != nullptr ? s.pointers : s.pointer;
  a.lane = {
      .mask = s.mask, .pointers = s.pointers, .indices = s.indices, .scale = s.scale, .packed = s.packed};
  if (s.packed) {
    out.push_back(a);
    return;
  }
  unsigned lanes = std::min(vector->getNumElements(), lanes_of(s.mask));
  if (s.indices != nullptr) lanes = std::min(lanes, lanes_of(s.indices));
  for (a.lane.index = 0; a.lane.index < lanes; ++a.lane.index)
    if (constant_lane(s.mask, a.lane.index) != 0) out.push_back(a);
}

lane_bytes emit_lane(llvm::IRBuilder<>& b, const access& a) {
  auto* mask_type = cast<llvm::FixedVectorType>(a.lane.mask->getType());
  const unsigned bits = mask_type->getScalarSizeInBits();
  llvm::Value* mask = a.lane.mask;
  if (!mask_type->getElementType()->isIntegerTy())
    mask = b.CreateBitCast(mask, llvm::FixedVectorType::get(b.getIntNTy(bits), mask_type->getNumElements()));
  llvm::Value* size = b.getInt64(a.size);
  if (a.lane.packed) {
    llvm::Value* word = b.CreateBitCast(mask, b.getIntNTy(mask_type->getNumElements()));
    llvm::Value* lanes =
        b.CreateZExtOrTrunc(b.CreateUnaryIntrinsic(llvm::Intrinsic::ctpop, word), b.getInt64Ty());
    return {a.pointer, b.CreateMul(lanes, size)};
  }
  llvm::Value* lane = b.CreateExtractElement(mask, a.lane.index);
  llvm::Value* touched = b.CreateICmpSLT(lane, llvm::ConstantInt::get(lane->getType(), 0));
  llvm::Value* pointer = nullptr;
  if (a.lane.pointers != nullptr) {
    pointer = b.CreateExtractElement(a.lane.pointers, a.lane.index);
  } else if (a.lane.indices != nullptr) {
    llvm::Value* index = b.CreateSExt(b.CreateExtractElement(a.lane.indices, a.lane.index), b.getInt64Ty());
    pointer = b.CreateGEP(b.getInt8Ty(), a.pointer, b.CreateMul(index, b.getInt64(a.lane.scale)));
  } else {
    pointer = b.CreateGEP(b.getInt8Ty(), a.pointer, b.getInt64(a.lane.index * a.size));
  }
  return {pointer, b.CreateSelect(touched, size, b.getInt64(0))};
}

}  // namespace snag::plugin
