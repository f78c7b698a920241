// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/site_table.h"

#include "clang-plugin/src/call_facts.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/xxhash.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

namespace snag::plugin {
namespace {

constexpr std::size_t words_per_site = sizeof(hooks::site) / 4;
constexpr int before_users_constructors = 1;

// The function that the instruction was written in; null if nobody knows.
const llvm::DISubprogram* scope_of(const llvm::Instruction& i) {
  const llvm::DILocation* location = i.getDebugLoc().get();
  return location == nullptr ? i.getFunction()->getSubprogram() : location->getScope()->getSubprogram();
}

}  // namespace

site_table::site_table(llvm::Module& module, function_index& functions, access_naming& naming)
    : module_(module),
      functions_(functions),
      naming_(naming),
      placeholder_(new llvm::GlobalVariable(module, llvm::Type::getInt8Ty(module.getContext()), false,
                                            llvm::GlobalValue::ExternalLinkage, nullptr, "__snag_sites")),
      strings_(1, '\0') {}

std::uint32_t site_table::text(llvm::StringRef s) {
  if (s.empty()) return 0;
  const auto [entry, added] = string_offsets_.try_emplace(s, static_cast<std::uint32_t>(strings_.size()));
  if (added) {
    strings_ += s;
    strings_ += '\0';
  }
  return entry->second;
}

llvm::Constant* site_table::pointer_to(std::size_t index) const {
  llvm::Type* byte = llvm::Type::getInt8Ty(module_.getContext());
  llvm::Constant* offset =
      llvm::ConstantInt::get(llvm::Type::getInt64Ty(module_.getContext()), index * sizeof(hooks::site));
  return llvm::ConstantExpr::getInBoundsGetElementPtr(byte, placeholder_, offset);
}

// Where the instruction was written, and the calls it was inlined through.
void site_table::place(words& w, const llvm::Instruction& i) {
  const function_facts& function = functions_.at(i);
  w.function = text(function.name);
  const llvm::DILocation* location = i.getDebugLoc().get();
  if (location == nullptr) {
    w.file = text(function.file);
    w.line = function.line;
    return;
  }
  w.file = text(functions_.file_of(location->getFile()));
  w.line = location->getLine() != 0 ? location->getLine() : function.line;
  w.column = location->getLine() != 0 ? location->getColumn() : 0;
  w.inlined_at = inlined_call(*location);
}

void site_table::name(words& w, const llvm::DISubprogram* scope, llvm::StringRef expression) {
  w.expression = text(expression);
  const source_function* source = scope == nullptr ? nullptr : functions_.of(*scope).source;
  if (source != nullptr) w.ordinal = source->ordinal_of(expression, w.line);
}

void site_table::name(words& w, const llvm::DISubprogram* scope, const source_call& call,
                      call_access accessed) {
  name(w, scope, call.expression);
  w.variable = text(call.stored_in);
  const called_object& object = accessed == call_access::argument ? call.argument : call.object;
  if (object.names.expression.empty()) return;
  w.type = text(object.names.type);
  w.declaration = text(object.names.declaration);
  w.capture = text(object.names.capture);
  const char* const use = accessed != call_access::none                  ? "touched"
                          : object.kind == called_object::use::sole      ? "sole"
                          : object.kind == called_object::use::lock      ? "lock"
                          : object.kind == called_object::use::unwritten ? "unwritten"
                                                                         : "object";
  w.path = text((use + llvm::Twine("\t") + llvm::Twine(object.size) + "\t" + object.names.expression + "\t" +
                 object.names.path)
                    .str());
}

std::uint32_t site_table::inlined_call(const llvm::DILocation& inner) {
  const llvm::DILocation* location = inner.getInlinedAt();
  if (location == nullptr) return 0;
  if (const std::uint32_t known = inlined_.lookup(location)) return known;
  const llvm::DISubprogram* scope = location->getScope()->getSubprogram();
  words w;
  w.kind = hooks::site_kind::inlined_call;
  w.file = text(functions_.file_of(location->getFile()));
  w.line = location->getLine();
  w.column = location->getColumn();
  if (scope != nullptr) {
    const function_facts& function = functions_.of(*scope);
    w.function = text(function.name);
    if (w.line == 0) w.line = function.line;
    if (function.runtime) w.flags |= hooks::site_runtime;
  }
  const llvm::DISubprogram* callee = inner.getScope()->getSubprogram();
  name(w, scope, naming_.call_at(location, callee == nullptr ? "" : functions_.of(*callee).name));
  w.inlined_at = inlined_call(*location);
  sites_.push_back(w);
  return inlined_[location] = static_cast<std::uint32_t>(sites_.size());
}

llvm::Constant* site_table::intern(const void* where, words w) {
  const std::array<std::uint32_t, 6> names{w.expression,  w.variable, w.type,
                                           w.declaration, w.function, w.path};
  const auto kind = static_cast<unsigned>(w.kind) | static_cast<unsigned>(w.flags) << 8;
  const auto [entry, added] = known_.try_emplace(key{where, kind, w.size, names}, sites_.size());
  if (added) {
    sites_.push_back(w);
    if (w.kind != hooks::site_kind::call) {
      ++accesses_;
      if (w.expression != 0 || w.variable != 0) ++named_;
    }
  }
  return pointer_to(entry->second);
}

llvm::Constant* site_table::access_site(const llvm::Instruction& i, hooks::site_kind kind, std::uint64_t size,
                                        std::uint8_t flags, const access_names& names) {
  words w;
  place(w, i);
  w.kind = kind;
  w.flags = flags;
  w.size = static_cast<std::uint32_t>(std::min<std::uint64_t>(size, UINT32_MAX));
  name(w, scope_of(i), names.expression);
  w.variable = text(names.variable);
  w.type = text(names.type);
  w.declaration = text(names.declaration);
  w.capture = text(names.capture);
  w.path = text(names.path);
  return intern(i.getDebugLoc().get(), w);
}

llvm::Constant* site_table::call_site(const llvm::CallBase& call, std::uint8_t flags, call_access accessed) {
  words w;
  place(w, call);
  w.flags = flags;
  w.size = std::max(1u, static_cast<std::uint32_t>(llvm::xxh3_64bits(call.getFunction()->getName())));
  const llvm::Function* callee = callee_of(call);
  const std::string name = callee == nullptr ? "" : functions_.of(*callee).name;
  this->name(w, scope_of(call), naming_.call_at(call.getDebugLoc().get(), name), accessed);
  return intern(call.getDebugLoc().get(), w);
}

void site_table::emit(std::uint32_t abi_version) {
  if (sites_.empty()) {
    placeholder_->eraseFromParent();
    return;
  }
  const std::size_t strings_at = sites_.size() * sizeof(hooks::site);
  std::vector<std::uint32_t> table;
  table.reserve(sites_.size() * words_per_site);
  for (const words& w : sites_) {
    const std::size_t site_at = table.size() * 4;
    const auto offset = [&](std::size_t field, std::uint32_t string) {
      return string == 0 ? 0 : static_cast<std::uint32_t>(strings_at + string - (site_at + field));
    };
    const std::uint32_t column = w.column > UINT16_MAX ? 0 : w.column;
    table.push_back(0);
    table.push_back(w.line);
    table.push_back(column | static_cast<std::uint32_t>(w.kind) << 16 |
                    static_cast<std::uint32_t>(w.flags) << 24);
    table.push_back(w.size);
    table.push_back(offset(offsetof(hooks::site, file), w.file));
    table.push_back(offset(offsetof(hooks::site, function), w.function));
    table.push_back(offset(offsetof(hooks::site, expression), w.expression));
    table.push_back(offset(offsetof(hooks::site, variable), w.variable));
    table.push_back(offset(offsetof(hooks::site, type), w.type));
    table.push_back(offset(offsetof(hooks::site, declaration), w.declaration));
    table.push_back(offset(offsetof(hooks::site, capture), w.capture));
    const std::size_t caller_at = (std::size_t{w.inlined_at} - 1) * sizeof(hooks::site);
    table.push_back(w.inlined_at == 0 ? 0
                                      : static_cast<std::uint32_t>(
                                            caller_at - (site_at + offsetof(hooks::site, inlined_at))));
    table.push_back(offset(offsetof(hooks::site, path), w.path));
    table.push_back(w.ordinal);
  }

  llvm::LLVMContext& context = module_.getContext();
  llvm::Constant* sites = llvm::ConstantDataArray::get(context, table);
  llvm::Constant* strings = llvm::ConstantDataArray::getString(context, strings_, false);
  llvm::Constant* both = llvm::ConstantStruct::getAnon({sites, strings}, true);
  auto* global =
      new llvm::GlobalVariable(module_, both->getType(), false, llvm::GlobalValue::InternalLinkage, both);
  global->setSection("snag_sites");
  global->setAlignment(llvm::Align(8));
  placeholder_->replaceAllUsesWith(global);
  global->takeName(placeholder_);
  placeholder_->eraseFromParent();

  llvm::Type* nothing = llvm::Type::getVoidTy(context);
  llvm::Type* pointer = llvm::PointerType::getUnqual(context);
  llvm::Type* number = llvm::Type::getInt32Ty(context);
  llvm::Function* constructor = llvm::Function::createWithDefaultAttr(llvm::FunctionType::get(nothing, false),
                                                                      llvm::GlobalValue::InternalLinkage, 0,
                                                                      "__snag_module_constructor", &module_);
  constructor->setDoesNotThrow();
  llvm::FunctionCallee registration = module_.getOrInsertFunction(
      "__snag_module_register", llvm::FunctionType::get(nothing, {pointer, pointer, number}, false));
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(context, "", constructor));
  llvm::Constant* end =
      llvm::ConstantExpr::getInBoundsGetElementPtr(b.getInt8Ty(), global, b.getInt64(strings_at));
  b.CreateCall(registration, {global, end, b.getInt32(abi_version)});
  b.CreateRetVoid();
  llvm::appendToGlobalCtors(module_, constructor, before_users_constructors);
}

}  // namespace snag::plugin
