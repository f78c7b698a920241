// SPDX-License-Identifier: Apache-2.0
#pragma once
// The graph of a deadlock or leak (docs/findings.md, "waits"): who waits for what, and who has it. Data;
// drawn by wait_graph_dot.cpp and wait_graph_svg.cpp.
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace snag::cli {

struct wait_graph {
  struct node {
    bool is_actor = false;  // else what is waited for
    bool behind = false;    // not part of the smallest set that explains it
    std::vector<std::string> lines;
    std::string note;  // of an object that nobody has: why nobody brings it about
  };
  struct edge {
    std::size_t from = 0, to = 0;  // numbers of nodes
    std::string label;
    bool waits = true;  // from an actor to what it waits for; else from that to who has it
  };

  std::string title, fingerprint, remedy;
  std::vector<node> nodes;
  std::vector<edge> edges;
};

// Of all findings that have one. `document`: JSON as snag-findings; `name`: what errors call it. Throws
// failure.
std::vector<wait_graph> read_wait_graphs(const std::string& document, const std::string& name);

// Graphviz's language, one cluster a graph.
std::string draw_dot(std::span<const wait_graph>);
// A picture that needs nothing else, one graph below the other, for light and dark backgrounds.
std::string draw_svg(std::span<const wait_graph>);

}  // namespace snag::cli
