// SPDX-License-Identifier: Apache-2.0
#pragma once
// The moment at which the last handle goes by which somebody's wait could have ended, and where that was.
#include <span>

#include "runtime/events.h"

namespace snag::detector {

// An actor waits for these from now on (more: 1), or no longer (-1). True: for one of them, and nobody has a
// handle that could end it.
bool count_waits(std::span<const events::wait_target>, int more) noexcept;

// A handle of the object went, or somebody has come to wait for it: whether those who wait for it seem to
// have all its handles that could end their waits. `certainly`: there is none at all. pre: not inside the
// core.
bool seems_stranded(const events::object&, bool certainly) noexcept;
// Then. At a place where that has happened before, only when a look is due. (A function of its own that knows
// nothing of the object: a pointer to it in our frames would pass for the program's.)
void look_for_the_stranded() noexcept;

}  // namespace snag::detector
