// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reclaims what nothing names any more: access records, sets, and the slots of ended goroutines. Mark and
// sweep over the shadow of pages that have any, never a reset: what a cell names survives, however old. Runs
// with the world stopped, when the records handed out since the last sweep exceed those that survived it (so
// the cost is a constant share of recording), and at least as many as the touched shadow is worth scanning
// for.
#include <cstdint>

#include "detector/src/thread_state.h"

namespace snag::detector {

// Pre: the thread is inside the core and holds no granule, no table lock.
void sweep_if_due(thread_state&) noexcept;
void sweep_now(thread_state&) noexcept;

// One line on stderr, once: accesses go unrecorded from here on.
void say_records_exhausted() noexcept;

}  // namespace snag::detector
