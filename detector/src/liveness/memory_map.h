// SPDX-License-Identifier: Apache-2.0
#pragma once
// The program's memory as regions that are reachable as a whole: what each party keeps on its stack and in
// its closure, heap blocks, and the root: globals, thread-locals, what the program has mapped, and whatever
// is none of these. Read as the conservative collectors do (H.-J. Boehm, M. Weiser, Garbage collection in an
// uncooperative environment, 1988): each aligned word that would be a pointer into a region counts as one,
// also with a tag in the upper 16 bits, where no address has any (boost::lockfree, LAM).
//
// pre of all: nobody changes the memory meanwhile. Not thread-safe.
#include <cstddef>
#include <cstdint>

#include "detector/src/liveness/address_index.h"
#include "detector/src/liveness/wait_snapshot.h"
#include "runtime/census.h"

namespace snag::detector {

class memory_map final : public reachable_memory {
 public:
  static constexpr region_index root{0};

  // The memory of party p is region p + 1. `spans`: what to read; of `stack`, pointers from elsewhere count
  // from `low` on only.
  // `locals`: its thread's; `control`: what only libc points into.
  void add_party(events::actor_memory, events::memory_span locals = {}, events::memory_span control = {});
  // A region of no memory, which is reached where the very address stands: a pthread_t.
  region_index add_name(std::uint64_t address);
  void add_root(events::memory_span further);
  void parties_added();
  void expect_parties(std::size_t);  // so many at least

  region_index place(const void* address);  // may be a new region: a heap block
  std::uint32_t region_count() const { return static_cast<std::uint32_t>(first_part_.size() - 1); }
  void visit(region_index from, vector<region_index>& out) override;
  std::uint64_t words_read() const { return words_; }
  bool saw_everything() const { return complete_; }  // else there is root memory that cannot be read

 private:
  struct span {
    std::uintptr_t low = 0, high = 0;
  };
  struct range {
    std::uintptr_t low, high;
    region_index of;
  };
  void add_part(events::memory_span);
  void read(span, span own, vector<region_index>& out);
  void read_root(vector<region_index>& out);
  const range* range_around(std::uintptr_t);

  vector<std::uint32_t> first_part_{0, 0};  // [r]: where the parts of region r begin in parts_, up to [r + 1]
  vector<span> parts_;
  static constexpr std::ptrdiff_t ranges_per_mark = 64;
  vector<range> ranges_;          // of the parties, sorted
  vector<std::uintptr_t> marks_;  // where every 64th begins: few enough to be at hand
  // What was asked for of late: the same few words stand in one frame after the other.
  static constexpr unsigned placed_bits = 8;
  struct placed {
    std::uintptr_t address = 0;
    region_index in = root;
  } placed_[std::size_t{1} << placed_bits];
  const range* recent_ = nullptr;  // found last: what lies on a stack mostly points into it
  address_index<region_index> blocks_;
  vector<span> further_roots_;
  std::uintptr_t lowest_ = 0, highest_ = 0;  // nothing else is a pointer into a region
  std::uint64_t words_ = 0;
  bool complete_ = true;
};

}  // namespace snag::detector
