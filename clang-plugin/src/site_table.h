// SPDX-License-Identifier: Apache-2.0
#pragma once
// The module's table of hooks::site and its strings. Both lie in one object, so that a string's offset from
// the field that names it is a number known here: no relocation, no constant expression for the linker to
// evaluate.
#include <map>
#include <tuple>
#include <vector>

#include "clang-plugin/src/access_names.h"
#include "clang-plugin/src/function_index.h"
#include "detector/hooks.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"

namespace snag::plugin {

class site_table {
 public:
  site_table(llvm::Module&, function_index&, access_naming&);

  llvm::Constant* access_site(const llvm::Instruction&, hooks::site_kind, std::uint64_t size,
                              std::uint8_t flags, const access_names&);
  // Of a call, or of what one accesses in code that is compiled elsewhere.
  enum class call_access { none, object, argument };
  llvm::Constant* call_site(const llvm::CallBase&, std::uint8_t flags, call_access = call_access::none);

  // Puts the table into the module, with a constructor that registers it before any of the user's runs. Once,
  // at the end; nothing happens if there are no sites.
  void emit(std::uint32_t abi_version);

  std::size_t accesses() const { return accesses_; }
  std::size_t named_accesses() const { return named_; }

 private:
  using key = std::tuple<const void*, unsigned, std::uint64_t, std::array<std::uint32_t, 6>>;
  struct words {
    std::uint32_t line = 0, column = 0;
    hooks::site_kind kind = hooks::site_kind::call;
    std::uint8_t flags = 0;
    std::uint32_t size = 0;
    // Indices into the string table; 0: none.
    std::uint32_t file = 0, function = 0, expression = 0, variable = 0, type = 0, declaration = 0,
                  capture = 0, path = 0;
    std::uint32_t ordinal = 0;
    std::uint32_t inlined_at = 0;  // index of a site plus one
  };

  void place(words&, const llvm::Instruction&);
  void name(words&, const llvm::DISubprogram*, llvm::StringRef expression);
  void name(words&, const llvm::DISubprogram*, const source_call&, call_access = call_access::none);
  std::uint32_t inlined_call(const llvm::DILocation& inner);  // where what `inner` is in was inlined
  std::uint32_t text(llvm::StringRef);
  llvm::Constant* pointer_to(std::size_t index) const;
  llvm::Constant* intern(const void* where, words);

  llvm::Module& module_;
  function_index& functions_;
  access_naming& naming_;
  llvm::GlobalVariable* placeholder_;
  std::vector<words> sites_;
  std::map<key, std::size_t> known_;
  llvm::DenseMap<const llvm::DILocation*, std::uint32_t> inlined_;
  std::string strings_;
  llvm::StringMap<std::uint32_t> string_offsets_;
  std::size_t accesses_ = 0, named_ = 0;
};

}  // namespace snag::plugin
