// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/hook_calls.h"

#include "llvm/Support/ModRef.h"

namespace snag::plugin {
namespace {

llvm::SmallVector<llvm::Type*, 6> types_of(llvm::ArrayRef<llvm::Value*> values) {
  llvm::SmallVector<llvm::Type*, 6> types;
  for (llvm::Value* v : values) types.push_back(v->getType());
  return types;
}

}  // namespace

llvm::Function& hook_calls::hook(llvm::StringRef name, llvm::ArrayRef<llvm::Value*> arguments) {
  if (llvm::Function* known = module_.getFunction(name)) return *known;
  auto* type =
      llvm::FunctionType::get(llvm::Type::getVoidTy(module_.getContext()), types_of(arguments), false);
  llvm::Function* hook = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, name, module_);
  hook->setCallingConv(llvm::CallingConv::PreserveMost);
  hook->setDoesNotThrow();
  hook->addFnAttr(llvm::Attribute::Cold);
  hook->addFnAttr(llvm::Attribute::NonLazyBind);
  hook->addFnAttr(llvm::Attribute::WillReturn);
  hook->setMemoryEffects(llvm::MemoryEffects::readOnly() | llvm::MemoryEffects::inaccessibleMemOnly());
  hook->addParamAttr(0, llvm::Attribute::NoCapture);
  return *hook;
}

void hook_calls::call_access_hook(llvm::IRBuilder<>& b, const llvm::Twine& name,
                                  llvm::ArrayRef<llvm::Value*> arguments) {
  llvm::CallInst* call = b.CreateCall(&hook(name.str(), arguments), arguments);
  call->setCallingConv(llvm::CallingConv::PreserveMost);
}

void hook_calls::value(llvm::IRBuilder<>& b, std::uint64_t size, bool write, llvm::Value* address,
                       llvm::Value* site) {
  call_access_hook(b, llvm::Twine(write ? "__snag_write" : "__snag_read") + llvm::Twine(size),
                   {address, site});
}

void hook_calls::range(llvm::IRBuilder<>& b, bool write, llvm::Value* address, llvm::Value* bytes,
                       llvm::Value* site) {
  bytes = b.CreateZExtOrTrunc(bytes, b.getInt64Ty());
  call_access_hook(b, write ? "__snag_write_range" : "__snag_read_range", {address, bytes, site});
}

void hook_calls::vtable_store(llvm::IRBuilder<>& b, llvm::Value* address, llvm::Value* value,
                              llvm::Value* site) {
  call_access_hook(b, "__snag_vptr_write", {address, value, site});
}

void hook_calls::scope_end(llvm::IRBuilder<>& b, llvm::Value* variable, llvm::Value* bytes,
                           llvm::Value* site) {
  call_access_hook(b, "__snag_scope_end", {variable, bytes, site});
}

llvm::CallInst* hook_calls::atomic(llvm::IRBuilder<>& b, unsigned bits, llvm::StringRef operation,
                                   llvm::Type* result, llvm::ArrayRef<llvm::Value*> arguments) {
  const std::string name = ("__snag_atomic" + llvm::Twine(bits) + "_" + operation).str();
  llvm::FunctionCallee callee =
      module_.getOrInsertFunction(name, llvm::FunctionType::get(result, types_of(arguments), false));
  if (auto* hook = llvm::dyn_cast<llvm::Function>(callee.getCallee())) {
    hook->setDoesNotThrow();
    hook->addFnAttr(llvm::Attribute::NonLazyBind);
  }
  return b.CreateCall(callee, arguments);
}

void hook_calls::fence(llvm::IRBuilder<>& b, unsigned order, llvm::Constant* site) {
  llvm::FunctionCallee callee =
      module_.getOrInsertFunction("__snag_fence", b.getVoidTy(), b.getInt32Ty(), site->getType());
  if (auto* hook = llvm::dyn_cast<llvm::Function>(callee.getCallee())) {
    hook->setDoesNotThrow();
    hook->addFnAttr(llvm::Attribute::NonLazyBind);
  }
  b.CreateCall(callee, {b.getInt32(order), site});
}

}  // namespace snag::plugin
