// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/function_index.h"

#include <cstdlib>

#include "clang-plugin/src/runtime_files.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/Instruction.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace snag::plugin {
namespace {

// The standard library's own words for its own defaults.
void abbreviate(std::string& name) {
  const std::pair<llvm::StringRef, llvm::StringRef> words[] = {
      {"std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char>>", "std::string"},
      {"std::basic_string_view<char, std::char_traits<char>>", "std::string_view"},
      {"std::__cxx11::", "std::"},
  };
  for (const auto& [longer, shorter] : words)
    for (std::size_t at = 0; (at = name.find(longer, at)) != std::string::npos; at += shorter.size())
      name.replace(at, longer.size(), shorter);
  constexpr llvm::StringLiteral allocator = ", std::allocator<";
  for (std::size_t at = 0; (at = name.find(allocator, at)) != std::string::npos;) {
    std::size_t end = at + allocator.size();
    for (int depth = 1; depth > 0 && end < name.size(); ++end)
      depth += name[end] == '<' ? 1 : name[end] == '>' ? -1 : 0;
    name.erase(at, end - at);
  }
}

// Demangled, without the return type that template functions' names carry.
std::string readable(llvm::StringRef linkage_name) {
  const std::string mangled = linkage_name.str();
  std::string name = llvm::demangle(mangled);
  llvm::ItaniumPartialDemangler parts;
  if (parts.partialDemangle(mangled.c_str()) || !parts.isFunction()) return name;
  char* type = parts.getFunctionReturnType(nullptr, nullptr);
  const std::string prefix = type == nullptr ? "" : std::string(type) + " ";
  std::free(type);
  return prefix.size() > 1 && llvm::StringRef(name).starts_with(prefix) ? name.substr(prefix.size()) : name;
}

}  // namespace

std::string function_index::file_of(const llvm::DIFile* file) const {
  if (file == nullptr) return {};
  llvm::SmallString<256> path(file->getFilename());
  if (llvm::sys::path::is_relative(path)) {
    path = file->getDirectory();
    llvm::sys::path::append(path, file->getFilename());
  }
  const llvm::StringRef given = sources_.file_as_given(path);
  return given.empty() ? file->getFilename().str() : given.str();
}

function_facts& function_index::describe(llvm::StringRef linkage_name, llvm::StringRef name,
                                         const llvm::DISubprogram* scope) {
  function_facts& f = *all_.emplace_back(std::make_unique<function_facts>());
  f.name = linkage_name.empty() ? name.str() : readable(linkage_name);
  abbreviate(f.name);
  if (scope != nullptr) {
    f.file = file_of(scope->getFile());
    f.line = scope->getLine();
  }
  f.source = linkage_name.empty() ? nullptr : sources_.find_function(linkage_name, f.line);
  if (f.source != nullptr) {
    if (llvm::StringRef(f.name).starts_with("_Z")) {  // what is inside a generic lambda cannot be demangled
      f.name = f.source->name.str();
      constexpr llvm::StringRef nameless = "(anonymous class)";
      for (auto at = f.name.find(nameless); at != std::string::npos; at = f.name.find(nameless, at))
        f.name.replace(at, nameless.size(), "'lambda'()");
    }
    f.runtime = f.source->runtime;
    f.user_access = f.source->user_access;
    f.no_sanitize = f.source->no_sanitize;
    if (f.file.empty()) f.file = f.source->file.str();
    if (f.line == 0) f.line = f.source->line;
  } else {
    f.runtime = is_runtime_header(f.file);
  }
  return f;
}

const function_facts& function_index::of(const llvm::Function& function) {
  const llvm::DISubprogram* scope = function.getSubprogram();
  const function_facts*& known = scope != nullptr ? by_scope_[scope] : by_name_[function.getName()];
  if (known == nullptr) known = &describe(function.getName(), function.getName(), scope);
  return *known;
}

const function_facts& function_index::of(const llvm::DISubprogram& scope) {
  const function_facts*& known = by_scope_[&scope];
  if (known == nullptr) known = &describe(scope.getLinkageName(), scope.getName(), &scope);
  return *known;
}

const function_facts& function_index::at(const llvm::Instruction& i) {
  if (const llvm::DILocation* location = i.getDebugLoc().get())
    if (const llvm::DISubprogram* scope = location->getScope()->getSubprogram()) return of(*scope);
  return of(*i.getFunction());
}

}  // namespace snag::plugin
