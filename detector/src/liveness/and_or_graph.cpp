// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/and_or_graph.h"

namespace snag::detector {

wait_node and_or_graph::add(std::uint32_t missing) {
  missing_.push_back(missing);
  return wait_node{size() - 1};
}

wait_node and_or_graph::add_live() { return add(0); }
wait_node and_or_graph::add_any_of() { return add(any); }
wait_node and_or_graph::add_all_of() { return add(0); }

void and_or_graph::needs(wait_node who, wait_node provider) {
  edges_.push_back({index(who), index(provider)});
  if ((missing_[index(who)] & any) == 0) ++missing_[index(who)];
}

void and_or_graph::settle(std::uint32_t node, vector<std::uint32_t>& reached) {
  std::uint32_t& missing = missing_[node];
  if (missing == 0) return;
  missing = (missing & any) != 0 ? 0 : missing - 1;
  if (missing == 0) reached.push_back(node);
}

void and_or_graph::solve() {
  // Edges sorted by provider: first[p] … first[p + 1] are those who need p.
  vector<std::uint32_t> first(size() + 2, 0);
  for (const edge& e : edges_) ++first[e.provider + 2];
  for (std::uint32_t i = 2; i < first.size(); ++i) first[i] += first[i - 1];
  vector<std::uint32_t> needing(edges_.size());
  for (const edge& e : edges_) needing[first[e.provider + 1]++] = e.who;

  vector<std::uint32_t> reached;
  for (std::uint32_t n = 0; n < size(); ++n)
    if (missing_[n] == 0) reached.push_back(n);
  for (std::size_t i = 0; i < reached.size(); ++i)
    for (std::uint32_t k = first[reached[i]]; k < first[reached[i] + 1]; ++k) settle(needing[k], reached);
}

}  // namespace snag::detector
