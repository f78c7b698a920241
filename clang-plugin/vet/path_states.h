// SPDX-License-Identifier: Apache-2.0
#pragma once
// A forward data-flow over a function's CFG: for each of a few things that begin and end (a goroutine that
// may run, a lock that is held, a channel that is closed), which of three states some path to a point leaves
// it in. So "on every path" and "on no path" are both one comparison. Least fixpoint; a bit set only grows.
#include <cstdint>
#include <utility>
#include <vector>

#include "clang/Analysis/CFG.h"

namespace snag::vet {

enum path_state : std::uint8_t {
  not_begun = 1,  // there is a path on which it has not begun
  under_way = 2,  // … on which it has, and has not ended
  ended = 4,      // … on which it has, and may have ended since
};
using path_set = std::uint8_t;

enum class step : std::uint8_t { none, begin, end, forget };  // forget: as at the function's start

class path_states {
 public:
  // step_of(element, item): what the element does to the item, for items 0 … count - 1.
  template <class StepOf>
  path_states(const clang::CFG& cfg, std::size_t count, StepOf step_of) : cfg_(cfg), count_(count) {
    at_start_.assign(cfg.getNumBlockIDs(), std::vector<path_set>(count, 0));
    steps_.resize(cfg.getNumBlockIDs());
    for (const clang::CFGBlock* block : cfg)
      for (const clang::CFGElement& element : *block)
        for (std::size_t item = 0; item < count; ++item)
          steps_[block->getBlockID()].push_back(step_of(element, item));
    solve();
  }

  // visit(element, states): in each block that can be reached, with the states before the element.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const clang::CFGBlock* block : cfg_) {
      std::vector<path_set> now = at_start_[block->getBlockID()];
      std::size_t next = 0;
      for (const clang::CFGElement& element : *block) {
        visit(element, std::as_const(now));
        for (path_set& set : now) set = after(set, steps_[block->getBlockID()][next++]);
      }
    }
  }

  const std::vector<path_set>& at_exit() const { return at_start_[cfg_.getExit().getBlockID()]; }
  std::vector<path_set> at_end_of(const clang::CFGBlock& block) const {
    std::vector<path_set> now = at_start_[block.getBlockID()];
    std::size_t next = 0;
    const auto& steps = steps_[block.getBlockID()];
    while (next < steps.size())
      for (path_set& set : now) set = after(set, steps[next++]);
    return now;
  }

 private:
  static path_set after(path_set before, step s) {
    if (before == 0) return 0;  // nobody comes here
    switch (s) {
      case step::begin:
        return under_way;
      case step::end:
        return static_cast<path_set>((before & not_begun) |
                                     ((before & (under_way | ended)) != 0 ? ended : 0));
      case step::forget:
        return not_begun;
      case step::none:
        break;
    }
    return before;
  }

  void solve() {
    std::vector<const clang::CFGBlock*> waiting{&cfg_.getEntry()};
    at_start_[cfg_.getEntry().getBlockID()].assign(count_, not_begun);
    while (!waiting.empty()) {
      const clang::CFGBlock* block = waiting.back();
      waiting.pop_back();
      const std::vector<path_set> out = at_end_of(*block);
      for (const clang::CFGBlock::AdjacentBlock& next : block->succs()) {
        if (!next.isReachable()) continue;
        std::vector<path_set>& in = at_start_[next->getBlockID()];
        bool grown = false;
        for (std::size_t item = 0; item < count_; ++item) {
          const path_set joined = in[item] | out[item];
          grown = grown || joined != in[item];
          in[item] = joined;
        }
        if (grown) waiting.push_back(next);
      }
    }
  }

  const clang::CFG& cfg_;
  const std::size_t count_;
  std::vector<std::vector<path_set>> at_start_;
  std::vector<std::vector<step>> steps_;  // of each block: element by element, item by item
};

}  // namespace snag::vet
