// SPDX-License-Identifier: Apache-2.0
#pragma once
// The goroutines around a race as a picture: a lane each, time from top to bottom, the happens-before edges
// that exist (go statements, a release that the other side knows of), and in red the one that is missing.
#include <string>
#include <vector>

#include "detector/finding.h"

namespace snag::cli {

struct order_picture {
  std::string svg;                 // empty: the finding has no two sides
  std::vector<std::string> edges;  // the same in words, the missing one last
};

// Styled by the page it stands in (assets/report.css, classes o-*). Pure.
order_picture draw_order(const detector::finding&);

}  // namespace snag::cli
