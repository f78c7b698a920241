// SPDX-License-Identifier: Apache-2.0
#pragma once
// When to look for those who can never run again.
//   idle         the scheduler of a seeded run has nobody to run
//   blocked      somebody who holds a lock waits for another
//   self_locked  somebody waits for a lock that it holds
//   ending       main has returned
//   deadlock     everybody is asleep, and the program says so
// Looking costs what there is to look at, so an idle moment is used only when as much has happened
// since the last time: all looking together stays a fraction of the run, and what it finds is found at the
// same places whenever the run is the same.
#include "detector/src/thread_state.h"
#include "runtime/events.h"

namespace snag::detector {

// In the child of a fork, to which none of the others came: what they wait for is their parent's business.
void stop_looking() noexcept;
// pre: not inside the core.
enum class occasion : std::uint8_t { idle, blocked, self_locked, ending, deadlock };
void look_for_deadlocks(occasion) noexcept;

}  // namespace snag::detector
