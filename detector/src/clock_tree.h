// SPDX-License-Identifier: Apache-2.0
#pragma once
// The persistent map slot → time beneath vector clocks: a radix tree, 16-way, leaves of 16 times, shared by
// reference and copied on write. Copying a tree costs one reference; joining two costs what differs between
// them, because equal subtrees are the same object; setting an entry copies one path (a goroutine's own,
// unshared path is written in place). A million goroutines share all but a few hundred bytes each.
//
// A handle is a value for one thread at a time; the nodes behind handles are shared between threads
// (atomic counts, immutable while shared).
#include <cstddef>
#include <cstdint>
#include <utility>

#include "detector/src/epoch.h"

namespace snag::detector {

struct clock_node;

class clock_tree {
 public:
  clock_tree() noexcept = default;
  clock_tree(const clock_tree& other) noexcept;
  clock_tree(clock_tree&& other) noexcept : root_(std::exchange(other.root_, nullptr)) {}
  clock_tree& operator=(clock_tree other) noexcept {
    std::swap(root_, other.root_);
    return *this;
  }
  ~clock_tree();

  clock_time get(slot_id) const noexcept;    // 0: absent
  void raise(slot_id, clock_time) noexcept;  // the entry becomes at least that
  void join(const clock_tree&) noexcept;     // entry by entry, the later
  bool empty() const noexcept { return root_ == nullptr; }
  bool same_nodes(const clock_tree& other) const noexcept { return root_ == other.root_; }

  std::size_t count_nodes() const noexcept;  // for tests: shared ones included
  bool check_invariants() const noexcept;

 private:
  clock_node* root_ = nullptr;
};

}  // namespace snag::detector
