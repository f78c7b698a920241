// SPDX-License-Identifier: Apache-2.0
#pragma once
// What of a scope is left (scopes.h). pre of all: not inside the core.
#include "detector/src/liveness/scopes.h"
#include "runtime/events.h"

namespace snag::detector {

// Stops the world for a moment; if nobody of its own runs, the whole program (check.h).
events::scope_rest rest_of(scope_record&) noexcept;

void open_scope(party& self, events::scope&, place opened_at) noexcept;
// Tells of those that can never run again, then of those that may. None of them is told of again. Then of all
// that was found while the scope was open, by `tell`.
void close_scope(party& self, events::scope&, void (*tell)(void* to, const events::scope_finding&),
                 void* to) noexcept;

}  // namespace snag::detector
