// SPDX-License-Identifier: Apache-2.0
#pragma once
// A thread of the detector's that looks for those who can never run again now and then, so that a program
// that goes on for ever tells of them, too. In seeded runs only if the program has threads: goroutines alone
// are looked at in idle moments, the same in each run.
#include "runtime/events.h"

namespace snag::detector {

// (One of the runtime's own has no place of creation.)
inline bool is_programs_thread(const events::actor& a, events::site created) noexcept {
  return a.kind == events::actor_kind::thread && created.pc != nullptr;
}

// The program has more than one actor from now on; `is_thread`: it is a thread of its own. The first call
// that there is a reason for starts the watch.
void watch_for_deadlocks(bool is_thread) noexcept;

}  // namespace snag::detector
