// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/wait_graph.h"

namespace snag::cli {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out + '"';
}

std::string label_of(const wait_graph::node& n) {
  std::string out;
  for (const std::string& line : n.lines) out += (out.empty() ? "" : "\n") + line;
  if (!n.note.empty()) out += "\n(" + n.note + ")";
  return out;
}

const char* style_of(const wait_graph::node& n) {
  if (n.is_actor) return n.behind ? "\"rounded,dotted\"" : "rounded";
  return n.behind ? "dotted" : "solid";
}

}  // namespace

std::string draw_dot(std::span<const wait_graph> graphs) {
  std::string out = "digraph waits {\n  node [fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n";
  for (std::size_t g = 0; g < graphs.size(); ++g) {
    const wait_graph& w = graphs[g];
    out += fmt::format("  subgraph cluster_{} {{\n    label={};\n", g, quoted(w.title));
    for (std::size_t n = 0; n < w.nodes.size(); ++n)
      out += fmt::format("    n{}_{} [shape={}, style={}, label={}];\n", g, n,
                         w.nodes[n].is_actor ? "box" : "ellipse", style_of(w.nodes[n]),
                         quoted(label_of(w.nodes[n])));
    for (const wait_graph::edge& e : w.edges)
      out += fmt::format("    n{0}_{1} -> n{0}_{2} [label={3}{4}];\n", g, e.from, e.to, quoted(e.label),
                         e.waits ? "" : ", style=dashed");
    out += "  }\n";
  }
  return out + "}\n";
}

}  // namespace snag::cli
