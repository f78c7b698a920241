// SPDX-License-Identifier: Apache-2.0
#include "runtime/events.h"

#include "runtime/src/posix/parking_lot.h"
#include "runtime/src/scheduler.h"
#include "snag/race.h"

namespace snag::events {

constinit observer* detail::current_observer = nullptr;

void install(observer& o) {
  detail::current_observer = &o;
  snag::detail::attention().fetch_or(snag::detail::observer_watches);
}

}  // namespace snag::events

void snag::detail::ignore_races(const char* reason) {
  if (events::observer* o = events::installed()) [[unlikely]]
    if (goroutine* const self = acting_now()) o->on_races_ignored(*self, reason);
}
