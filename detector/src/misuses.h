// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the core tells of objects used as they must not be.
#include "detector/src/frames.h"
#include "detector/src/race.h"
#include "detector/src/thread_state.h"

namespace snag::detector {

// One side of a misuse.
struct misuser {
  events::goroutine_id who = events::goroutine_id::none;
  place where;
};

raw_misuse misuse_of(misuse_kind, const events::object&, const misuser& now, const misuser& other) noexcept;

// What an actor panics for. It may catch that, and then nothing is wrong: Go defines what happens. So it is
// told only if a panic with the same words ends the program.
struct pending_misuse {
  raw_misuse what;
  const char* words;  // the runtime's own
};

}  // namespace snag::detector
