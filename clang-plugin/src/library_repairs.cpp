// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/library_repairs.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"

namespace snag::plugin {
namespace {

const llvm::Function* callee(const llvm::Instruction& i) {
  const auto* call = llvm::dyn_cast<llvm::CallBase>(&i);
  return call == nullptr ? nullptr : call->getCalledFunction();
}

// cb->_M_done.acquire() is the way out for other threads; a load of what it waits for becomes part of all.
void see_end_of_callback(llvm::Function& f) {
  llvm::SmallVector<llvm::Instruction*, 1> returns;
  llvm::GetElementPtrInst* done = nullptr;
  for (llvm::Instruction& i : llvm::instructions(f)) {
    if (llvm::isa<llvm::ReturnInst>(i)) returns.push_back(&i);
    const llvm::Function* const called = callee(i);
    if (called != nullptr && called->getName().contains("counting_semaphoreILl1EE7acquireEv"))
      done = llvm::dyn_cast<llvm::GetElementPtrInst>(llvm::cast<llvm::CallBase>(i).getArgOperand(0));
  }
  if (done == nullptr) return;
  auto* callback = llvm::dyn_cast<llvm::LoadInst>(done->getPointerOperand());
  if (callback == nullptr || !llvm::isa<llvm::AllocaInst>(callback->getPointerOperand())) return;
  for (llvm::Instruction* end : returns) {
    llvm::IRBuilder<> b(end);
    llvm::Instruction* const again = b.Insert(callback->clone());
    llvm::Instruction* const counter = b.Insert(done->clone());
    counter->setOperand(0, again);
    b.CreateAlignedLoad(b.getInt32Ty(), counter, llvm::Align(4))->setAtomic(llvm::AtomicOrdering::Acquire);
  }
}

void count_up_relaxed(llvm::Function& f) {
  for (llvm::Instruction& i : llvm::instructions(f))
    if (auto* add = llvm::dyn_cast<llvm::AtomicRMWInst>(&i))
      add->setOrdering(llvm::AtomicOrdering::Monotonic);
}

// On x86-64 the instructions stay what they were: what the waiters and their notifiers need of each other is
// kept by the additions, which are full barriers in every order.
void count_waiters_relaxed(llvm::Function& f) {
  for (llvm::Instruction& i : llvm::instructions(f))
    if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&i); load != nullptr && load->isAtomic())
      load->setOrdering(llvm::AtomicOrdering::Monotonic);
  count_up_relaxed(f);
}

// std::__detail::__waiter_pool_base, __waiter_pool, __waiter_base and __waiter.
bool counts_waiters(llvm::StringRef name) {
  if (!name.consume_front("_ZN")) return false;
  name.consume_front("K");
  return name.consume_front("St8__detail") &&
         name.drop_while([](char c) { return c >= '0' && c <= '9'; }).starts_with("__waiter");
}

// Of pointers, with the places of the call.
void swap_in_place(llvm::Function& f) {
  llvm::SmallVector<llvm::CallInst*, 1> swaps;
  for (llvm::Instruction& i : llvm::instructions(f)) {
    const llvm::Function* const called = callee(i);
    if (called != nullptr && called->getName().starts_with("_ZSt4swapIP") && llvm::isa<llvm::CallInst>(i))
      swaps.push_back(llvm::cast<llvm::CallInst>(&i));
  }
  for (llvm::CallInst* call : swaps) {
    llvm::IRBuilder<> b(call);
    llvm::Value *const first = call->getArgOperand(0), *const second = call->getArgOperand(1);
    llvm::Value *const of_first = b.CreateLoad(b.getPtrTy(), first), *const of_second =
                                                                         b.CreateLoad(b.getPtrTy(), second);
    b.CreateStore(of_second, first);
    b.CreateStore(of_first, second);
    call->eraseFromParent();
  }
}

// static __waiter_pool_base& _S_for(const void*)
void tell_what_was_looked_up(llvm::Function& f) {
  const llvm::FunctionCallee tell = f.getParent()->getOrInsertFunction(
      "snag_looked_up_waiters", llvm::FunctionType::get(llvm::Type::getVoidTy(f.getContext()),
                                                        {f.getReturnType(), f.getArg(0)->getType()}, false));
  for (llvm::BasicBlock& block : f)
    if (auto* const end = llvm::dyn_cast<llvm::ReturnInst>(block.getTerminator()))
      llvm::IRBuilder<>(end).CreateCall(tell, {end->getReturnValue(), f.getArg(0)});
}

void tell_use_of_resource(llvm::Function& f) {
  llvm::SmallVector<llvm::CallBase*, 1> virtual_calls;
  for (llvm::Instruction& i : llvm::instructions(f))
    if (auto* call = llvm::dyn_cast<llvm::CallBase>(&i); call != nullptr && call->isIndirectCall())
      virtual_calls.push_back(call);
  for (llvm::CallBase* call : virtual_calls) {
    llvm::IRBuilder<> b(call);
    const llvm::FunctionCallee used = f.getParent()->getOrInsertFunction(
        "snag_memory_resource_used", llvm::FunctionType::get(b.getVoidTy(), {b.getPtrTy()}, false));
    b.CreateCall(used, {call->getArgOperand(0)});
  }
}

}  // namespace

void repair_library_function(llvm::Function& f) {
  const llvm::StringRef name = f.getName();
  if (name == "_ZNSt10stop_token13_Stop_state_t18_M_remove_callbackEPNS_8_Stop_cbE")
    see_end_of_callback(f);
  else if (name.starts_with("_ZN9__gnu_cxx") && name.ends_with("12__atomic_addEPVii"))
    count_up_relaxed(f);
  else if (name == "_ZNSt8__detail18__waiter_pool_base6_S_forEPKv")
    tell_what_was_looked_up(f);
  else if (counts_waiters(name))
    count_waiters_relaxed(f);
  else if (name.starts_with("_ZNSt10_Sp_atomicI") && name.contains("4swapE"))
    swap_in_place(f);
  else if (name == "_ZNSt3pmr15memory_resource8allocateEmm" ||
           name == "_ZNSt3pmr15memory_resource10deallocateEPvmm")
    tell_use_of_resource(f);
}

bool fills_cache_with_equal_values(llvm::StringRef demangled) {
  return demangled.starts_with("std::ctype<char>::narrow(") ||
         demangled.starts_with("std::ctype<char>::widen(");
}

bool guards_itself(llvm::StringRef demangled) {
  return demangled.starts_with("std::_Sp_atomic<") ||
         demangled.starts_with("std::stop_token::_Stop_state_t::_M_remove_callback(") ||
         demangled.starts_with("std::stop_token::_Stop_state_t::_M_request_stop(") ||
         demangled.starts_with("std::stop_token::_Stop_cb::_M_run(");
}

bool has_life_of_its_own(llvm::StringRef file, llvm::StringRef type) {
  return file.contains("/include/c++/") || file.starts_with("/usr/include/") ||
         file.starts_with("/usr/lib/") || type.contains("stop_callback<");
}

}  // namespace snag::plugin
