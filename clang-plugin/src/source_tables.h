// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the AST half tells the IR half: plain data, because the AST may be gone when passes run. Functions are
// keyed by mangled name; inside one, accesses and calls by the line and column that code generation gives to
// the instruction. Filled once per translation unit, then read only.
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/StringSaver.h"

namespace snag::plugin {

// The words of a site about what was accessed; empty: unknown. All live in source_tables::text.
struct access_names {
  llvm::StringRef expression, variable, type, declaration, capture;
  llvm::StringRef path;  // see hooks::site
  bool ignored = false;  // races on it are meant (SNAG_IGNORE_RACES)
  bool operator==(const access_names&) const = default;
  bool empty() const { return expression.empty() && variable.empty(); }
};

inline constexpr std::int64_t unknown_offset = INT64_MIN;
inline constexpr int unknown_depth = -1;

// Of a function's locals of one name. Where they differ in layout: 0.
struct local_variable {
  access_names names;                // the first one's
  std::uint64_t size = 0, used = 0;  // bytes; used: without what pads its end
};

struct source_access {
  std::uint32_t line = 0, column = 0;
  bool write = false;
  bool reference = false;                // loads the pointer behind a reference, not what it refers to
  std::uint32_t size = 0;                // bytes; 0: unknown
  std::int64_t offset = unknown_offset;  // bytes from the variable or pointer that the expression starts at
  int depth = unknown_depth;  // pointers loaded on the way from the stack or a global to the object
  std::uint32_t run = 0;      // accesses of one run follow each other without a call or a branch between
  llvm::StringRef file;
  access_names names;
};

// What a call of library code is made on (called_objects.h).
struct called_object {
  enum class use {
    object,    // the call works on it, and perhaps on its arguments
    sole,      // the call changes nothing but it
    lock,      // the call takes it and works on something else
    unwritten  // nobody wrote the call: it is made by a defaulted member
  };
  access_names names;  // expression empty: unknown
  std::uint64_t size = 0;
  use kind = use::object;
  bool operator==(const called_object&) const = default;
};

struct source_call {
  std::uint32_t line = 0, column = 0;
  std::uint32_t run = 0;
  llvm::StringRef expression;
  llvm::StringRef callee;     // unqualified; empty: unknown
  llvm::StringRef stored_in;  // of an allocation: the variable that gets the pointer
  called_object object;
  called_object argument;  // that an extraction fills
};

// A field of a class, or a capture of a closure; nested classes are flattened.
struct source_field {
  std::uint64_t offset = 0, size = 0;  // bytes
  bool reference = false;
  access_names names;
};
using source_record = std::vector<source_field>;

// Where each expression stands, of a function and all lambdas and instances that reports call by the same
// name; first its run, in the end how many runs came before.
struct expression_line {
  std::uint32_t line = 0, run = 0;
  auto operator<=>(const expression_line&) const = default;
};
using expression_lines = llvm::StringMap<std::vector<expression_line>>;

struct source_function {
  llvm::StringRef linkage_name;  // one of them
  llvm::StringRef name;          // with its scope, for when the mangled name cannot be read
  llvm::StringRef file;          // as the compiler was given it
  std::uint32_t line = 0;
  bool runtime = false;      // defined in Snag's own headers
  bool user_access = false;  // … but touches the user's objects
  bool no_sanitize = false;  // no_sanitize("thread")
  bool takes_vtt = false;    // a constructor or destructor whose second parameter is a table of vtables
  const source_record* self =
      nullptr;  // the class of *this; null as well if several functions share this entry
  std::vector<source_access> accesses;
  std::vector<source_call> calls;
  llvm::StringMap<local_variable> locals;
  llvm::StringSet<> outermost;  // locals that are declared in no inner block, parameters among them
  const expression_lines* lines = nullptr;

  llvm::ArrayRef<source_access> accesses_at(std::uint32_t line, std::uint32_t column) const;
  // `callee`: demangled, or empty; tells f(x) from f(x).g(y), which begin at one place.
  // What several calls there do not share is empty.
  source_call call_at(std::uint32_t line, std::uint32_t column, llvm::StringRef callee) const;
  // How many places before `line` have the expression: tells equal ones apart. Counted in the source and not
  // in what optimisation leaves of it; and a run is one place, since of its accesses only one is ever
  // reported, and optimisation decides which.
  std::uint32_t ordinal_of(llvm::StringRef expression, std::uint32_t line) const;
};

class source_tables {
 public:
  source_tables() : text(allocator_) {}

  // All the names of one function (a constructor has several). A function that was added before, as far as
  // canonical names and lines can tell, is the same entry.
  source_function& add_function(llvm::ArrayRef<std::string> mangled, std::uint32_t line,
                                const source_record* self);
  source_record& add_record() { return *records_.emplace_back(std::make_unique<source_record>()); }
  void add_global(llvm::StringRef mangled, access_names names) { globals_[mangled] = names; }
  void add_file(llvm::StringRef absolute, llvm::StringRef as_given) {
    files_.try_emplace(absolute, as_given);
  }
  source_function& outside() { return outside_; }  // initialisers of namespace-scope variables
  void finish();                                   // once, after the last addition

  const source_function* find_function(llvm::StringRef mangled, std::uint32_t line) const;  // line 0: unknown
  const access_names* find_global(llvm::StringRef mangled) const;
  llvm::StringRef file_as_given(llvm::StringRef absolute) const;  // empty if unknown
  // For code whose function is unknown by name (global initialisers, lambdas of unnamed types).
  std::vector<const source_access*> accesses_anywhere(llvm::StringRef file, std::uint32_t line,
                                                      std::uint32_t column) const;

 private:
  void note_lines(source_function&);

  llvm::BumpPtrAllocator allocator_;
  std::vector<std::unique_ptr<source_record>> records_;
  std::vector<std::unique_ptr<source_function>> functions_;
  llvm::StringMap<expression_lines> lines_;  // by file and displayed name
  llvm::StringMap<llvm::SmallVector<source_function*, 1>> by_name_;
  llvm::StringMap<access_names> globals_;
  llvm::StringMap<llvm::StringRef> files_;
  source_function outside_;
  mutable llvm::DenseMap<std::uint64_t, llvm::SmallVector<const source_access*, 1>>
      anywhere_;  // made on first use

 public:
  llvm::UniqueStringSaver text;
};

// Compilers number unnamed types ("$_3") in the order in which they happen to be mangled, so two manglers of
// one translation unit disagree: the key leaves the number out, and the source line tells lambdas apart.
std::string canonical_name(llvm::StringRef mangled);

// "_ZZ3runvE5total" of "_ZZ3runvE5total.0": optimisation cuts variables into parts.
llvm::StringRef without_part_number(llvm::StringRef linkage_name);

// A demangled name without the numbers of lambdas and unnamed types, which change when others are added.
std::string without_lambda_numbers(llvm::StringRef demangled);

}  // namespace snag::plugin
