// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which bytes an instruction touches without synchronising. Only what is certainly touched is listed: lanes
// of masked operations carry their mask.
#include <cstdint>

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instruction.h"
#include "llvm/Support/Alignment.h"

namespace snag::plugin {

// One lane of a masked, gathering or scattering operation: touched only where the mask says so.
struct access_lane {
  llvm::Value* mask = nullptr;      // a vector: i1, or anything else whose elements' sign bit counts
  unsigned index = 0;               // of the lane
  llvm::Value* pointers = nullptr;  // gather: vector of pointers
  llvm::Value* indices = nullptr;   // gather: vector of indices, added to the base pointer times `scale`
  unsigned scale = 1;               // bytes
  bool packed = false;  // expanding load, compressing store: as many elements as the mask has bits
};

struct access {
  llvm::Instruction* at = nullptr;
  llvm::Value* pointer = nullptr;
  std::uint64_t size = 0;         // bytes, of one lane if there is one; 0: see length
  llvm::Value* length = nullptr;  // bytes, known at run time only
  llvm::Align alignment;
  bool write = false;
  llvm::Value* vtable = nullptr;  // the pointer being stored, if this is the store of a vtable pointer
  access_lane lane;
  bool polls = false;        // a read that decides whether a loop goes on
  bool read_before = false;  // stands for a read of the same bytes just before, too
  bool by_callee = false;    // what a call does in code that is compiled elsewhere (library_objects.h)
  bool of_object = false;    // … to what it is made on; else to an argument

  bool has_lane() const { return lane.mask != nullptr; }
  bool inlineable() const {  // can be answered by the inline check
    return !has_lane() && length == nullptr && !by_callee &&
           (size == 1 || size == 2 || size == 4 || size == 8 || size == 16);
  }
};

// What a call does to `size` bytes in code that is compiled elsewhere.
access access_by_callee(llvm::CallBase&, llvm::Value* pointer, std::uint64_t size, bool write);

// Appends the plain accesses of `i`; atomic operations are none. `takes_vtt`: `i` is in a constructor or
// destructor that gets its vtables from its second parameter.
void find_accesses(llvm::Instruction& i, bool takes_vtt, llvm::SmallVectorImpl<access>& out);

// The pointer to its class's vtable, in an object: known by the tag of its type, or by how code generation
// names it.
bool loads_vtable_pointer(const llvm::Instruction&);

// An operation that synchronises, or could: the hooks perform it. Not one that is for signal handlers only.
bool is_atomic_operation(const llvm::Instruction&);
llvm::Value* atomic_pointer(llvm::Instruction&);  // null for a fence
std::uint64_t atomic_size(const llvm::Instruction&);

}  // namespace snag::plugin
