// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/and_or_graph.h"

namespace snag::detector {

wait_node and_or_graph::add(std::uint32_t missing) {
  missing_.push_back(missing);
  return wait_node{size() - 1};
}

void and_or_graph::expect(std::size_t nodes, std::size_t edges) {
  missing_.reserve(nodes);
  edges_.reserve(edges);
}

wait_node and_or_graph::add_live() { return add(0); }
wait_node and_or_graph::add_any_of() { return add(any); }
wait_node and_or_graph::add_all_of() { return add(0); }

void and_or_graph::needs(wait_node who, wait_node provider) {
  edges_.push_back({index(who), index(provider)});
  if ((missing_[index(who)] & any) == 0) ++missing_[index(who)];
}

void and_or_graph::settle(std::uint32_t node) {
  std::uint32_t& missing = missing_[node];
  if (missing == 0) return;
  missing = (missing & any) != 0 ? 0 : missing - 1;
  if (missing == 0) reached_.push_back(node);
}

void and_or_graph::start() {
  first_.assign(size() + 2, 0);
  for (const edge& e : edges_) ++first_[e.provider + 2];
  for (std::uint32_t i = 2; i < first_.size(); ++i) first_[i] += first_[i - 1];
  needing_.resize(edges_.size());
  reached_.reserve(size());
  for (const edge& e : edges_) needing_[first_[e.provider + 1]++] = e.who;
  for (std::uint32_t n = 0; n < size(); ++n)
    if (missing_[n] == 0) reached_.push_back(n);
}

bool and_or_graph::step(wait_node& alive) {
  if (stepped_ == reached_.size()) return false;
  const std::uint32_t node = reached_[stepped_++];
  if (node + 1 < first_.size())
    for (std::uint32_t k = first_[node]; k < first_[node + 1]; ++k) settle(needing_[k]);
  alive = wait_node{node};
  return true;
}

void and_or_graph::bring_to_life(wait_node n) {
  if (lives(n)) return;
  missing_[index(n)] = 0;
  reached_.push_back(index(n));
}

}  // namespace snag::detector
