// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who can ever run again: the least fixpoint over nodes that need any, or all, of others. A node that the
// fixpoint does not reach can never run, whatever those that can do (deadlock in the AND-OR model: Barbosa
// and Benevides, A graph-theoretic characterization of AND-OR deadlocks, 1998). A cycle alone proves nothing
// here: one way out of it, and all of it lives.
//
// Build, start, then step until nothing comes alive any more; what is found out meanwhile may bring further
// nodes to life. Linear in nodes and edges; 16 bytes a node, 12 an edge. Not thread-safe.
#include <cstdint>

#include "detector/src/internal_memory.h"

namespace snag::detector {

enum class wait_node : std::uint32_t {};

class and_or_graph {
 public:
  void expect(std::size_t nodes, std::size_t edges);  // about so many
  wait_node add_live();                               // runs, sleeps, waits for what comes from outside
  wait_node add_any_of();  // lives once one of what it needs does; while it needs nothing: never
  wait_node add_all_of();  // lives once all that it needs do; needing nothing: lives
  void needs(wait_node who, wait_node provider);

  void start();                   // from now on no edges are added; any_of nodes may be
  bool step(wait_node& alive);    // the next node that lives, once each; false: no other does so far
  void bring_to_life(wait_node);  // after start()
  bool lives(wait_node n) const { return missing_[index(n)] == 0; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(missing_.size()); }

 private:
  static constexpr std::uint32_t any = std::uint32_t{1} << 31;  // in missing_, until solved
  static std::uint32_t index(wait_node n) { return static_cast<std::uint32_t>(n); }
  wait_node add(std::uint32_t missing);
  void settle(std::uint32_t node);

  struct edge {
    std::uint32_t who, provider;
  };
  vector<edge> edges_;
  vector<std::uint32_t> missing_;          // how many more of what it needs have to live; 0: it does
  vector<std::uint32_t> first_, needing_;  // needing_[first_[p]] … [first_[p + 1]]: those who need p
  vector<std::uint32_t> reached_;
  std::size_t stepped_ = 0;
};

}  // namespace snag::detector
