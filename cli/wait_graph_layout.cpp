// SPDX-License-Identifier: Apache-2.0
#include "cli/wait_graph_layout.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace snag::cli {
namespace {

constexpr double gap = 44;  // between nodes; edges have their words there
constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

using neighbours = std::vector<std::vector<std::size_t>>;

// Nodes that `from` leads to.
std::vector<bool> reached_from(const neighbours& out, std::size_t from) {
  std::vector<bool> seen(out.size());
  std::vector<std::size_t> open{from};
  while (!open.empty()) {
    const std::size_t n = open.back();
    open.pop_back();
    for (const std::size_t next : out[n])
      if (!seen[next]) seen[next] = true, open.push_back(next);
  }
  return seen;
}

// The largest strongly connected set, in the order of a walk through it. Graphs are small.
std::vector<std::size_t> core_of(const neighbours& out) {
  std::vector<std::vector<bool>> reached;
  for (std::size_t n = 0; n < out.size(); ++n) reached.push_back(reached_from(out, n));
  std::size_t best = nowhere, most = 0;
  for (std::size_t n = 0; n < out.size(); ++n) {
    if (!reached[n][n]) continue;
    std::size_t size = 0;
    for (std::size_t m = 0; m < out.size(); ++m) size += reached[n][m] && reached[m][n];
    if (size > most) most = size, best = n;
  }
  std::vector<std::size_t> order;
  if (best == nowhere) return order;
  std::vector<bool> seen(out.size());
  std::vector<std::size_t> open{best};
  while (!open.empty()) {
    const std::size_t n = open.back();
    open.pop_back();
    if (seen[n]) continue;
    seen[n] = true;
    order.push_back(n);
    for (auto next = out[n].rbegin(); next != out[n].rend(); ++next)
      if (reached[best][*next] && reached[*next][best]) open.push_back(*next);
  }
  return order;
}

bool overlap(const box& a, const box& b) {
  return std::abs(a.x - b.x) < (a.width + b.width) / 2 + gap / 2 &&
         std::abs(a.y - b.y) < (a.height + b.height) / 2 + gap;
}

// The first at the left, then with the clock. As small as it can be.
void place_on_ellipse(const std::vector<std::size_t>& core, std::vector<box>& at) {
  for (double scale = 1;; scale *= 1.1) {
    for (std::size_t i = 0; i < core.size(); ++i) {
      const double angle =
          std::numbers::pi * (1 + 2.0 * static_cast<double>(i) / static_cast<double>(core.size()));
      at[core[i]].x = core.size() == 1 ? 0 : scale * 170 * std::cos(angle);
      at[core[i]].y = core.size() == 1 ? 0 : scale * 84 * std::sin(angle);
    }
    bool free = true;
    for (std::size_t i = 0; i < core.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) free = free && !overlap(at[core[i]], at[core[j]]);
    if (free) return;
  }
}

// Steps from the nearest node of the core, whichever way the edges point; without one, from a node that
// nobody waits behind: one that no edge leaves.
std::vector<std::size_t> distances(const neighbours& out, const std::vector<std::size_t>& core) {
  neighbours both = out;
  for (std::size_t n = 0; n < out.size(); ++n)
    for (const std::size_t m : out[n]) both[m].push_back(n);
  std::vector<std::size_t> far(out.size(), nowhere), open;
  const auto begin = [&](std::size_t n) { far[n] = 0, open.push_back(n); };
  for (const std::size_t n : core) begin(n);
  for (std::size_t n = 0; n < out.size() && core.empty(); ++n)
    if (out[n].empty()) begin(n);
  for (std::size_t i = 0; i < open.size(); ++i)
    for (const std::size_t next : both[open[i]])
      if (far[next] == nowhere) far[next] = far[open[i]] + 1, open.push_back(next);
  for (std::size_t& f : far)
    if (f == nowhere) f = core.empty() ? 0 : 1;
  return far;
}

// Rows are broken where they become too wide, and each node stands near what it is connected to.
void place_rows(const neighbours& out, const std::vector<std::size_t>& far, bool has_core,
                std::vector<box>& at, double top) {
  constexpr double widest = 1100;
  const std::size_t last = far.empty() ? 0 : *std::max_element(far.begin(), far.end());
  for (std::size_t row = has_core ? 1 : 0; row <= last; ++row) {
    std::vector<std::size_t> members;
    for (std::size_t n = 0; n < far.size(); ++n)
      if (far[n] == row) members.push_back(n);
    const auto wanted = [&](std::size_t n) {
      double sum = 0, count = 0;
      for (std::size_t m = 0; m < out.size(); ++m)
        if (far[m] < row && (std::ranges::count(out[n], m) != 0 || std::ranges::count(out[m], n) != 0))
          sum += at[m].x, count += 1;
      return count == 0 ? 0.0 : sum / count;
    };
    std::ranges::sort(members, {}, [&](std::size_t n) { return std::pair(wanted(n), n); });
    for (std::size_t begin = 0; begin < members.size();) {
      double width = 0, height = 0;
      std::size_t end = begin;
      for (; end < members.size() && (end == begin || width + gap + at[members[end]].width <= widest);
           ++end) {
        width += at[members[end]].width + (end == begin ? 0 : gap);
        height = std::max(height, at[members[end]].height);
      }
      double left = -width / 2;
      for (std::size_t i = begin; i < end; ++i) {
        box& b = at[members[i]];
        b.x = left + b.width / 2;
        b.y = top + height / 2;
        left += b.width + gap;
      }
      top += height + gap * 1.4;
      begin = end;
    }
  }
}

}  // namespace

layout place_nodes(const wait_graph& g, const std::vector<box>& sizes) {
  layout out;
  out.nodes = sizes;
  neighbours to(g.nodes.size());
  for (const wait_graph::edge& e : g.edges) to[e.from].push_back(e.to);
  const std::vector<std::size_t> core = core_of(to);
  double top = 0;
  if (!core.empty()) {
    place_on_ellipse(core, out.nodes);
    for (const std::size_t n : core)
      top = std::max(top, out.nodes[n].y + out.nodes[n].height / 2 + gap * 1.4);
  }
  place_rows(to, distances(to, core), !core.empty(), out.nodes, top);
  double left = 0, right = 0, high = 0, low = 0;
  for (const box& b : out.nodes) {
    left = std::min(left, b.x - b.width / 2);
    right = std::max(right, b.x + b.width / 2);
    high = std::min(high, b.y - b.height / 2);
    low = std::max(low, b.y + b.height / 2);
  }
  for (box& b : out.nodes) b.x -= left, b.y -= high;
  out.width = right - left;
  out.height = low - high;
  return out;
}

}  // namespace snag::cli
