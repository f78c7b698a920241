// SPDX-License-Identifier: Apache-2.0
#pragma once
// The fields of a class by byte offset, and the captures of a closure: names for accesses through *this whose
// place in the source says nothing (constructors' initialisers, members copied by implicit functions).
#include "clang-plugin/src/expression_namer.h"
#include "llvm/ADT/DenseMap.h"

namespace snag::plugin {

class record_fields {
 public:
  record_fields(const source_printer& printer, const expression_namer& namer)
      : printer_(printer), namer_(namer) {}
  const source_record* of(const clang::CXXRecordDecl*);  // null if the layout is unknown

 private:
  void flatten(const clang::RecordDecl&, std::uint64_t offset, unsigned depth, source_record&) const;
  void flatten_closure(const clang::CXXRecordDecl&, source_record&) const;

  const source_printer& printer_;
  const expression_namer& namer_;
  llvm::DenseMap<const clang::CXXRecordDecl*, const source_record*> known_;
};

}  // namespace snag::plugin
