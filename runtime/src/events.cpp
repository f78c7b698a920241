// SPDX-License-Identifier: Apache-2.0
#include "runtime/events.h"

#include "runtime/src/scheduler.h"

namespace snag::events {

constinit observer* detail::current_observer = nullptr;

void install(observer& o) {
  detail::current_observer = &o;
  snag::detail::attention().fetch_or(snag::detail::observer_watches);
}

}  // namespace snag::events
