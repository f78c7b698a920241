// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/library_repairs.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

namespace snag::plugin {
namespace {

constexpr std::uint64_t relaxed = 0, release = 3;  // C11's numbers

bool is_order(const llvm::Value& v) { return v.getType()->isIntegerTy(32); }

}  // namespace

void repair_library_function(llvm::Function& f) {
  const llvm::StringRef name = f.getName();
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
         demangled.starts_with("std::stop_token::_Stop_state_t::_M_request_stop(");
}

}  // namespace snag::plugin
