// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one expression does with a channel, lock, group or thread, as far as its own call says.
#include "clang-plugin/vet/object_path.h"
#include "clang-plugin/vet/types.h"
#include "clang/AST/Stmt.h"

namespace snag::vet {

enum class operation_kind : unsigned char {
  none,
  go,     // snag::go, go and try_go of a group
  spawn,  // a thread is made with something to run, also in a vector of them
  detach,
  join,
  add,
  done,
  wait,  // of a group
  send,
  receive,  // also one round of a range loop
  close,
  lock,    // exclusively, by the mutex's own function
  unlock,  // in either mode
};

struct operation {
  operation_kind kind = operation_kind::none;
  const clang::Expr* object = nullptr;  // the channel, mutex, group or thread; null where there is none
  object_path path = {};                // of that object
  type_kind type = type_kind::other;
};

operation operation_of(const clang::Stmt*);

// The function that a call is known to call; null: through a pointer.
const clang::FunctionDecl* callee_of(const clang::Stmt*);

// The name, if the function has one that is a word.
llvm::StringRef word_name(const clang::FunctionDecl&);

// A function of the C library, by its name: in C, and in C++ also where namespace std has it again.
llvm::StringRef c_function_name(const clang::FunctionDecl*, const clang::SourceManager&);

}  // namespace snag::vet
