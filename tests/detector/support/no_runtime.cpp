// SPDX-License-Identifier: Apache-2.0
// The core without a runtime: actors of scripted events have no memory of their own.
#include "runtime/census.h"

namespace snag::events {

actor_memory memory_of(const actor&, site) noexcept { return {}; }

}  // namespace snag::events
