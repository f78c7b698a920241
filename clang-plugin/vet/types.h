// SPDX-License-Identifier: Apache-2.0
#pragma once
// The types that the checks know, by their names in Snag's and the standard library's namespaces.
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Type.h"

namespace snag::vet {

enum class type_kind : unsigned char {
  other,
  chan,        // snag::chan in each direction, and its iterator
  wait_group,  // snag::wait_group
  err_group,   // snag::err_group
  mutex,       // of snag or std, with an owner, not recursive
  recursive_mutex,
  guard,           // std::lock_guard, scoped_lock, unique_lock, shared_lock
  thread,          // std::thread
  joining_thread,  // std::jthread
  cancellable,     // what snag::with_cancel and its kin return
  defer,           // snag::defer
  snag_handle,     // context, error: copies and destructors wait for nobody, and tell nobody
  synchronises,    // atomics, condition variables, semaphores, futures, …: anything may be told or awaited
};

type_kind kind_of(const clang::CXXRecordDecl*);
type_kind kind_of(clang::QualType);  // looks through references

// Whether making, copying and destroying such an object neither waits for nor tells anybody anything:
// scalars, what is trivial, and the standard library's containers of such.
bool is_plain(clang::QualType);

bool is_in_snag(const clang::Decl*);
bool is_in_standard_library(const clang::Decl*);

}  // namespace snag::vet
