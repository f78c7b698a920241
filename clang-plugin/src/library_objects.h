// SPDX-License-Identifier: Apache-2.0
#pragma once
// Objects of the standard library whose code stands in its shared object: streams, their buffers and
// formats, std::filesystem::path. A call that is compiled elsewhere touches them unseen, so the call itself
// counts as an access to the object: a write, or of const members a read ([res.on.data.races]).
#include "clang-plugin/src/access.h"

namespace snag::plugin {

// Appends what `i` does to such objects, if it is a call of such a function. May insert instructions before
// it: which bytes of a stream stand for all of it is found through its virtual base.
void find_library_accesses(llvm::Instruction& i, llvm::SmallVectorImpl<access>& out);

// Whether it is a member of a stream, its buffer or its format that stands in the shared object, too:
// inlined, it would touch single fields, of which the calls that are not know nothing.
bool is_stream_member_of_library(const llvm::Function&);

}  // namespace snag::plugin
