// SPDX-License-Identifier: Apache-2.0
#include "runtime/events.h"

namespace snag::events {

constinit observer* detail::current_observer = nullptr;

void install(observer& o) { detail::current_observer = &o; }

}  // namespace snag::events
