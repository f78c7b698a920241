// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is probably wrong: from the facts of a resolved race to causes of the catalogue (docs/hints.md). A
// hint is advice, never a verdict: a race is a race without one. Pure.
#include <cstdint>

#include "detector/finding.h"

namespace snag::detector {

// What only the program's sites can tell, gathered by whoever resolves the finding.
struct hint_clues {
  bool adds_inside =
      false;  // one side's goroutine calls add() on a wait group that the other side's function waits for
  bool polls[2] = {};  // access i is in the condition of a loop
};

vector<hint> hints_for(const finding&, const hint_clues&);

}  // namespace snag::detector
