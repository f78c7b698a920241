// SPDX-License-Identifier: Apache-2.0
#pragma once
// From "these can never run again" to findings: the smallest sets that explain it, each with its shape.
// Whoever merely waits for somebody in such a set is not part of it.
//
// The dead depend on each other: for a lock, on who holds it and on writers ahead in its queue; for anything
// else, on the dead who could bring it about. A strongly connected set of these (R. Tarjan, Depth-first
// search and linear graph algorithms, 1972) is a cycle; whoever depends on nobody dead is an orphan.
#include "detector/src/liveness/capture.h"
#include "detector/src/race.h"

namespace snag::detector {

struct dead_set {
  deadlock_shape shape;
  vector<party_index> members;  // of the cycle, in its order; or the one
  vector<party_index> behind;   // wait for these
  vector<party_index> same;     // wait alone as the first member does, each for an object of its own
  // Who of the members could bring about what another one waits for, which is no lock; a few of them.
  struct help {
    party_index waiter, helper;
  };
  vector<help> helps;
};

// `lives`: one answer for each party. Parties that were told of already take part, but start no finding.
// `of`: only sets in which somebody belongs to that scope; of those who wait alone, or behind, only its own.
vector<dead_set> explain(capture&, const vector<bool>& lives, const scope_record* of = nullptr);

// They wait at the same place for the same things.
bool alike(const capture&, party_index, party_index);

// The finding's parts; the storage is the caller's until report() returns.
struct told_deadlock {
  raw_deadlock raw;
  vector<raw_wait> waits;
  vector<vector<raw_wait_target>> targets;
  vector<vector<raw_holder>> holders;
};
void tell(capture&, const dead_set&, told_deadlock& out);

}  // namespace snag::detector
