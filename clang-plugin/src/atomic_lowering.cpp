// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/atomic_lowering.h"

#include <optional>

#include "llvm/IR/Constants.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/LowerAtomic.h"

namespace snag::plugin {
namespace {

using llvm::Value;

unsigned c11_order(llvm::AtomicOrdering order) {
  switch (order) {
    case llvm::AtomicOrdering::Acquire:
      return 2;
    case llvm::AtomicOrdering::Release:
      return 3;
    case llvm::AtomicOrdering::AcquireRelease:
      return 4;
    case llvm::AtomicOrdering::SequentiallyConsistent:
      return 5;
    default:
      return 0;
  }
}

// The hooks' view of one atomic object: an integer of its size. 16 bytes travel as C passes them, in two
// words.
class atomic_object {
 public:
  atomic_object(llvm::IRBuilder<>& b, hook_calls& hooks, Value* pointer, llvm::Type* type,
                llvm::Constant* site)
      : b_(b),
        hooks_(hooks),
        pointer_(pointer),
        type_(type),
        site_(site),
        bits_(static_cast<unsigned>(
            b.GetInsertBlock()->getModule()->getDataLayout().getTypeStoreSizeInBits(type).getFixedValue())),
        integer_(b.getIntNTy(bits_)) {}

  llvm::Type* integer() const { return integer_; }
  Value* to_integer(Value* v) const {
    if (v->getType()->isPointerTy()) return b_.CreatePtrToInt(v, integer_);
    return v->getType()->isIntegerTy() ? b_.CreateZExtOrTrunc(v, integer_) : b_.CreateBitCast(v, integer_);
  }
  Value* from_integer(Value* v) const {
    if (type_->isPointerTy()) return b_.CreateIntToPtr(v, type_);
    return type_->isIntegerTy() ? b_.CreateZExtOrTrunc(v, type_) : b_.CreateBitCast(v, type_);
  }

  Value* load(Value* order) { return call("load", {}, {order}, true); }
  void store(Value* value, Value* order) { call("store", {value}, {order}, false); }
  Value* update(Value* operand, hooks::atomic_operation operation, Value* order) {
    return call("update", {operand}, {b_.getInt32(static_cast<std::uint32_t>(operation)), order}, true);
  }
  Value* compare_exchange(Value* expected, Value* desired, Value* success, Value* failure) {
    return call("compare_exchange", {expected, desired}, {success, failure}, true);
  }

 private:
  Value* call(llvm::StringRef operation, llvm::ArrayRef<Value*> values, llvm::ArrayRef<Value*> numbers,
              bool returns) {
    llvm::SmallVector<Value*, 8> arguments{pointer_};
    llvm::SmallVector<unsigned, 2> narrow;
    for (Value* v : values) {
      if (bits_ == 128) {
        arguments.push_back(b_.CreateTrunc(v, b_.getInt64Ty()));
        arguments.push_back(b_.CreateTrunc(b_.CreateLShr(v, 64), b_.getInt64Ty()));
      } else {
        if (bits_ < 32) narrow.push_back(static_cast<unsigned>(arguments.size()));
        arguments.push_back(v);
      }
    }
    arguments.append(numbers.begin(), numbers.end());
    arguments.push_back(site_);
    llvm::Type* result = b_.getVoidTy();
    if (returns) result = bits_ == 128 ? llvm::StructType::get(b_.getInt64Ty(), b_.getInt64Ty()) : integer_;
    llvm::CallInst* call = hooks_.atomic(b_, bits_, operation, result, arguments);
    for (unsigned k : narrow) call->addParamAttr(k, llvm::Attribute::ZExt);
    if (!returns || bits_ != 128) return call;
    Value* low = b_.CreateZExt(b_.CreateExtractValue(call, 0), integer_);
    Value* high = b_.CreateZExt(b_.CreateExtractValue(call, 1), integer_);
    return b_.CreateOr(low, b_.CreateShl(high, 64));
  }

  llvm::IRBuilder<>& b_;
  hook_calls& hooks_;
  Value* pointer_;
  llvm::Type* type_;
  llvm::Constant* site_;
  unsigned bits_;
  llvm::Type* integer_;
};

std::optional<hooks::atomic_operation> hook_operation(llvm::AtomicRMWInst::BinOp operation) {
  using hooks::atomic_operation;
  switch (operation) {
    case llvm::AtomicRMWInst::Xchg:
      return atomic_operation::exchange;
    case llvm::AtomicRMWInst::Add:
      return atomic_operation::add;
    case llvm::AtomicRMWInst::Sub:
      return atomic_operation::sub;
    case llvm::AtomicRMWInst::And:
      return atomic_operation::bit_and;
    case llvm::AtomicRMWInst::Or:
      return atomic_operation::bit_or;
    case llvm::AtomicRMWInst::Xor:
      return atomic_operation::bit_xor;
    case llvm::AtomicRMWInst::Nand:
      return atomic_operation::bit_nand;
    case llvm::AtomicRMWInst::Max:
      return atomic_operation::max;
    case llvm::AtomicRMWInst::Min:
      return atomic_operation::min;
    case llvm::AtomicRMWInst::UMax:
      return atomic_operation::umax;
    case llvm::AtomicRMWInst::UMin:
      return atomic_operation::umin;
    default:
      return std::nullopt;
  }
}

Value* lower_update_loop(llvm::AtomicRMWInst& rmw, llvm::Constant* site, hook_calls& hooks) {
  llvm::BasicBlock* before = rmw.getParent();
  llvm::BasicBlock* after = llvm::SplitBlock(before, &rmw);
  llvm::BasicBlock* loop = llvm::BasicBlock::Create(rmw.getContext(), "", before->getParent(), after);
  before->getTerminator()->setSuccessor(0, loop);

  llvm::IRBuilder<> b(before->getTerminator());
  b.SetCurrentDebugLocation(rmw.getDebugLoc());
  llvm::Type* type = rmw.getType();
  atomic_object first(b, hooks, rmw.getPointerOperand(), type, site);
  Value* start = first.load(b.getInt32(0));

  b.SetInsertPoint(loop);
  b.SetCurrentDebugLocation(rmw.getDebugLoc());
  llvm::PHINode* old = b.CreatePHI(first.integer(), 2);
  old->addIncoming(start, before);
  atomic_object object(b, hooks, rmw.getPointerOperand(), type, site);
  Value* wanted =
      llvm::buildAtomicRMWValue(rmw.getOperation(), b, object.from_integer(old), rmw.getValOperand());
  Value* seen = object.compare_exchange(old, object.to_integer(wanted),
                                        b.getInt32(c11_order(rmw.getOrdering())), b.getInt32(0));
  old->addIncoming(seen, loop);
  b.CreateCondBr(b.CreateICmpEQ(seen, old), after, loop);

  b.SetInsertPoint(&rmw);
  return atomic_object(b, hooks, rmw.getPointerOperand(), type, site).from_integer(old);
}

Value* lower_compare_exchange(llvm::AtomicCmpXchgInst& x, llvm::Constant* site, hook_calls& hooks) {
  llvm::IRBuilder<> b(&x);
  atomic_object object(b, hooks, x.getPointerOperand(), x.getCompareOperand()->getType(), site);
  Value* expected = object.to_integer(x.getCompareOperand());
  Value* old = object.compare_exchange(expected, object.to_integer(x.getNewValOperand()),
                                       b.getInt32(c11_order(x.getSuccessOrdering())),
                                       b.getInt32(c11_order(x.getFailureOrdering())));
  Value* pair = b.CreateInsertValue(llvm::PoisonValue::get(x.getType()), object.from_integer(old), 0);
  return b.CreateInsertValue(pair, b.CreateICmpEQ(old, expected), 1);
}

struct library_call {
  llvm::StringRef operation;  // "load", "fetch_add", …
  unsigned bytes = 0;
};

library_call parse_library_call(const llvm::CallBase& call) {
  const llvm::Function* callee = call.getCalledFunction();
  llvm::StringRef name = callee == nullptr ? "" : callee->getName();
  library_call parsed;
  if (!llvm::isa<llvm::CallInst>(call) || !name.consume_front("__atomic_")) return {};
  const auto [operation, size] = name.rsplit('_');
  if (size.getAsInteger(10, parsed.bytes)) return {};
  if (parsed.bytes != 1 && parsed.bytes != 2 && parsed.bytes != 4 && parsed.bytes != 8 && parsed.bytes != 16)
    return {};
  parsed.operation = operation;
  const std::size_t parameters = operation == "load" ? 2 : operation == "compare_exchange" ? 5 : 3;
  const bool known = operation == "load" || operation == "store" || operation == "exchange" ||
                     operation == "compare_exchange" || operation.starts_with("fetch_");
  if (!known || call.arg_size() != parameters) return {};
  for (unsigned k = 1; k < call.arg_size(); ++k)
    if (!call.getArgOperand(k)->getType()->isIntegerTy() && !(operation == "compare_exchange" && k == 1))
      return {};
  return parsed;
}

}  // namespace

void lower_atomic(llvm::Instruction& i, llvm::Constant* site, hook_calls& hooks) {
  llvm::IRBuilder<> b(&i);
  Value* result = nullptr;
  if (auto* fence = llvm::dyn_cast<llvm::FenceInst>(&i)) {
    hooks.fence(b, c11_order(fence->getOrdering()), site);
  } else if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&i)) {
    atomic_object object(b, hooks, load->getPointerOperand(), load->getType(), site);
    result = object.from_integer(object.load(b.getInt32(c11_order(load->getOrdering()))));
  } else if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&i)) {
    atomic_object object(b, hooks, store->getPointerOperand(), store->getValueOperand()->getType(), site);
    object.store(object.to_integer(store->getValueOperand()), b.getInt32(c11_order(store->getOrdering())));
  } else if (auto* rmw = llvm::dyn_cast<llvm::AtomicRMWInst>(&i)) {
    if (const auto operation = hook_operation(rmw->getOperation())) {
      atomic_object object(b, hooks, rmw->getPointerOperand(), rmw->getType(), site);
      Value* old = object.update(object.to_integer(rmw->getValOperand()), *operation,
                                 b.getInt32(c11_order(rmw->getOrdering())));
      result = object.from_integer(old);
    } else {
      result = lower_update_loop(*rmw, site, hooks);
    }
  } else {
    result = lower_compare_exchange(llvm::cast<llvm::AtomicCmpXchgInst>(i), site, hooks);
  }
  if (result != nullptr) i.replaceAllUsesWith(result);
  i.eraseFromParent();
}

bool is_atomic_library_call(const llvm::CallBase& call) { return parse_library_call(call).bytes != 0; }
llvm::Value* atomic_library_pointer(llvm::CallBase& call) { return call.getArgOperand(0); }
std::uint64_t atomic_library_size(const llvm::CallBase& call) { return parse_library_call(call).bytes; }
bool atomic_library_writes(const llvm::CallBase& call) {
  return parse_library_call(call).operation != "load";
}

void lower_atomic_library_call(llvm::CallInst& call, llvm::Constant* site, hook_calls& hooks) {
  const library_call parsed = parse_library_call(call);
  llvm::IRBuilder<> b(&call);
  llvm::Type* type = b.getIntNTy(parsed.bytes * 8);
  atomic_object object(b, hooks, call.getArgOperand(0), type, site);
  const auto number = [&](unsigned k) { return b.CreateZExtOrTrunc(call.getArgOperand(k), b.getInt32Ty()); };
  const auto value = [&](unsigned k) { return object.to_integer(call.getArgOperand(k)); };
  Value* result = nullptr;
  if (parsed.operation == "load") {
    result = object.load(number(1));
  } else if (parsed.operation == "store") {
    object.store(value(1), number(2));
  } else if (parsed.operation == "compare_exchange") {
    const llvm::Align one(1);
    Value* expected = b.CreateAlignedLoad(type, call.getArgOperand(1), one);
    Value* old = object.compare_exchange(expected, value(2), number(3), number(4));
    Value* same = b.CreateICmpEQ(old, expected);
    b.CreateAlignedStore(old, call.getArgOperand(1), one);
    result = b.CreateZExt(same, call.getType());
  } else {
    hooks::atomic_operation operation = hooks::atomic_operation::exchange;
    if (parsed.operation == "fetch_add")
      operation = hooks::atomic_operation::add;
    else if (parsed.operation == "fetch_sub")
      operation = hooks::atomic_operation::sub;
    else if (parsed.operation == "fetch_and")
      operation = hooks::atomic_operation::bit_and;
    else if (parsed.operation == "fetch_or")
      operation = hooks::atomic_operation::bit_or;
    else if (parsed.operation == "fetch_xor")
      operation = hooks::atomic_operation::bit_xor;
    else if (parsed.operation == "fetch_nand")
      operation = hooks::atomic_operation::bit_nand;
    result = object.update(value(1), operation, number(2));
  }
  if (result != nullptr && !call.getType()->isVoidTy())
    call.replaceAllUsesWith(b.CreateZExtOrTrunc(result, call.getType()));
  call.eraseFromParent();
}

}  // namespace snag::plugin
