// SPDX-License-Identifier: Apache-2.0
#pragma once
// The rules of life, applied to a snapshot. Whoever is parked can run again only if somebody who lives can
// bring it about:
//   lock             all who hold it live (who lives is taken to let go)
//   lock_shared      whoever writes, and the writers that queued before, live
//   send, receive    somebody who lives can reach the other end of the channel, or close it
//   wait             a wait group, semaphore, context: somebody who lives can reach it
//                    a condition variable: so, and all who hold the lock that is taken back live
//                    a once: whoever runs its initialiser lives
//   join             the thread lives
//   sleep, io        always
// and a piece of memory is reachable if it belongs to somebody who lives, or is pointed at from a reachable
// piece. A handle in a piece that not even those who seem dead can reach is somewhere that we cannot see: it
// counts as reachable. Who lives is taken to do whatever it can reach, so the answer "never" is a proof; the
// answer "yes" is not (docs/deadlocks.md lists what it misses).
#include "detector/src/liveness/wait_snapshot.h"

namespace snag::detector {

// One answer for each party. Linear in the snapshot and in the memory that is looked at, which ends as soon
// as everybody lives.
vector<bool> who_can_run(const wait_snapshot&, reachable_memory* = nullptr);

}  // namespace snag::detector
