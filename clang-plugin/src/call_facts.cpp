// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/call_facts.h"

#include "detector/hooks.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalAlias.h"
#include "llvm/IR/IntrinsicInst.h"

namespace snag::plugin {
namespace {

constexpr std::uint64_t largest_inlined_copy = 64;  // bytes; larger ones may become calls of memcpy

bool may_become_library_call(const llvm::IntrinsicInst& i) {
  if (llvm::isa<llvm::MemCpyInlineInst, llvm::MemSetInlineInst>(i)) return false;
  const auto* memory = llvm::dyn_cast<llvm::MemIntrinsic>(&i);
  if (memory == nullptr) return false;
  const auto* length = llvm::dyn_cast<llvm::ConstantInt>(memory->getLength());
  return length == nullptr || length->getZExtValue() > largest_inlined_copy;
}

bool frees(llvm::StringRef callee) {
  if (callee.starts_with("_ZdlPv") || callee.starts_with("_ZdaPv")) return true;
  if (callee.starts_with("_ZNSt3pmr25monotonic_buffer_resourceD") ||
      callee.starts_with("_ZNSt3pmr28unsynchronized_pool_resourceD"))
    return true;
  return llvm::StringSwitch<bool>(callee)
      .Cases("free", "cfree", "realloc", "reallocarray", true)
      .Cases("_ZNSt3pmr25monotonic_buffer_resource18_M_release_buffersEv",
             "_ZNSt3pmr28unsynchronized_pool_resource7releaseEv", true)
      .Default(false);
}

// std::pmr::memory_resource::deallocate, of libstdc++ or libc++, whose one virtual call gives the memory
// back.
bool gives_back_to_resource(llvm::StringRef demangled_writer) {
  return demangled_writer.starts_with("std::") &&
         demangled_writer.contains("pmr::memory_resource::deallocate");
}

}  // namespace

const llvm::Function* callee_of(const llvm::CallBase& call) {
  const auto* target = call.getCalledOperand()->stripPointerCasts();
  if (const auto* alias = llvm::dyn_cast<llvm::GlobalAlias>(target))
    if (!alias->isInterposable()) target = alias->getAliaseeObject();
  return llvm::dyn_cast_or_null<llvm::Function>(target);
}

bool is_visible_call(const llvm::CallBase& call, const llvm::TargetLibraryInfo& library) {
  if (call.isInlineAsm()) return false;
  if (const auto* intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(&call))
    return may_become_library_call(*intrinsic);
  const llvm::Function* callee = callee_of(call);
  if (callee == nullptr) return true;
  if (callee->getName().starts_with("__snag_") || callee->getName() == "__errno_location") return false;
  llvm::LibFunc known;
  return !(callee->isDeclaration() && callee->doesNotAccessMemory() && library.getLibFunc(*callee, known));
}

bool keeps_to_itself(const llvm::Function& callee, const llvm::TargetLibraryInfo& library) {
  llvm::LibFunc known;
  return callee.isDeclaration() && library.getLibFunc(callee, known) && library.has(known);
}

bool is_checked_by_library(const llvm::Function& callee) {
  return llvm::StringSwitch<bool>(callee.getName())
      .Cases("memcmp", "bcmp", "memchr", "memrchr", "memmem", true)
      .Cases("strlen", "strnlen", "strcmp", "strncmp", "strcasecmp", "strncasecmp", true)
      .Cases("strchr", "strrchr", "strstr", "strcpy", "stpcpy", "strncpy", "strcat", "strncat", true)
      .Default(false);
}

std::uint8_t call_site_flags(const llvm::CallBase& call, function_index& functions) {
  if (llvm::isa<llvm::IntrinsicInst>(call)) return 0;
  std::uint8_t flags = 0;
  const function_facts& writer = functions.at(call);
  if (writer.runtime) flags |= hooks::site_runtime;
  const llvm::Function* callee = callee_of(call);
  const llvm::StringRef name = callee == nullptr ? "" : callee->getName();
  const bool runtime = name.starts_with("_ZN4snag") || name.starts_with("_ZNK4snag") ||
                       (callee != nullptr && !callee->isDeclaration() && functions.of(*callee).runtime);
  if (runtime || writer.hidden())
    flags |= hooks::site_calls_runtime;
  else if (frees(name) || (call.isIndirectCall() && gives_back_to_resource(writer.name)))
    flags |= hooks::site_frees;
  return flags;
}

}  // namespace snag::plugin
