// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the nodes of a wait graph are drawn: the largest cycle on an ellipse, everybody else in rows below,
// one row for each step that separates them from it. Without a cycle, rows alone. No two nodes overlap.
#include <vector>

#include "cli/wait_graph.h"

namespace snag::cli {

struct box {
  double x = 0, y = 0;           // of the centre, pixels; y grows downwards
  double width = 0, height = 0;  // with nothing around it
};

struct layout {
  std::vector<box> nodes;        // as in the graph
  double width = 0, height = 0;  // of all; every box lies within
};

// `sizes`: x and y do not matter.
layout place_nodes(const wait_graph&, const std::vector<box>& sizes);

}  // namespace snag::cli
