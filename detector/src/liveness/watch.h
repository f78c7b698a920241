// SPDX-License-Identifier: Apache-2.0
#pragma once
// A thread of the detector's that looks for those who can never run again now and then, so that a program
// that goes on for ever tells of them, too. Not in seeded runs, which look at idle moments, the same in each.
namespace snag::detector {

// The program has more than one actor from now on. The first call starts the thread.
void watch_for_deadlocks() noexcept;

}  // namespace snag::detector
