// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether somebody who is about to wait for a lock seems to close a cycle of locks: from the lock to who
// holds it, or waits to write before, to what those wait for, and so on. Quick, and no proof: it tells when
// the whole look (check.h) is worth its cost.
#include "detector/src/liveness/party.h"

namespace snag::detector {

// pre: nobody else is in the core. Cost: a few nanoseconds an actor.
bool seems_to_close_a_cycle(const party& self) noexcept;

}  // namespace snag::detector
