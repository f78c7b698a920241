// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/library_repairs.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

namespace snag::plugin {
namespace {

constexpr std::uint64_t relaxed = 0, release = 3;  // C11's numbers

bool is_order(const llvm::Value& v) { return v.getType()->isIntegerTy(32); }

// cb->_M_done.acquire() is the way out for other threads; a load of what it waits for becomes part of all.
void see_end_of_callback(llvm::Function& f) {
  llvm::SmallVector<llvm::Instruction*, 1> returns;
  llvm::GetElementPtrInst* done = nullptr;
  for (llvm::Instruction& i : llvm::instructions(f)) {
    if (llvm::isa<llvm::ReturnInst>(i)) returns.push_back(&i);
    auto* call = llvm::dyn_cast<llvm::CallBase>(&i);
    if (call != nullptr && call->getCalledFunction() != nullptr &&
        call->getCalledFunction()->getName().contains("counting_semaphoreILl1EE7acquireEv"))
      done = llvm::dyn_cast<llvm::GetElementPtrInst>(call->getArgOperand(0));
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

}  // namespace

void repair_library_function(llvm::Function& f) {
  const llvm::StringRef name = f.getName();
  if (name == "_ZNSt10stop_token13_Stop_state_t18_M_remove_callbackEPNS_8_Stop_cbE")
    return see_end_of_callback(f);
  if (!name.starts_with("_ZNKSt10_Sp_atomic") && !name.starts_with("_ZNSt10_Sp_atomic")) return;
  if (!name.contains("13_Atomic_count6unlockE") && !name.contains("13_Atomic_count14_M_wait_unlockE")) return;
  for (llvm::Instruction& i : llvm::instructions(f)) {
    auto* call = llvm::dyn_cast<llvm::CallBase>(&i);
    if (call == nullptr || call->getCalledFunction() == nullptr) continue;
    if (!call->getCalledFunction()->getName().contains("9fetch_subE")) continue;
    for (llvm::Use& argument : call->args())
      if (is_order(*argument)) {
        llvm::IRBuilder<> b(call);
        llvm::Value* is_relaxed = b.CreateICmpEQ(argument, b.getInt32(relaxed));
        argument.set(b.CreateSelect(is_relaxed, b.getInt32(release), argument));
      }
  }
}

bool fills_cache_with_equal_values(llvm::StringRef demangled) {
  return demangled.starts_with("std::ctype<char>::narrow(") ||
         demangled.starts_with("std::ctype<char>::widen(");
}

bool takes_thread_for_caller(llvm::StringRef demangled) {
  return demangled.starts_with("std::stop_token::_Stop_state_t::_M_remove_callback(") ||
         demangled.starts_with("std::stop_token::_Stop_state_t::_M_request_stop(") ||
         demangled.starts_with("std::stop_token::_Stop_cb::_M_run(");
}

bool has_life_of_its_own(llvm::StringRef file, llvm::StringRef type) {
  return file.contains("/include/c++/") || file.starts_with("/usr/include/") ||
         file.starts_with("/usr/lib/") || type.contains("stop_callback<");
}

}  // namespace snag::plugin
