// SPDX-License-Identifier: Apache-2.0
#include "runtime/events.h"

#include "runtime/observer_thread.h"
#include "runtime/spilled_registers.h"
#include "runtime/src/posix/parking_lot.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/thread_proxy.h"
#include "snag/deadlock.h"
#include "snag/race.h"

namespace snag::events {

constinit observer* detail::current_observer = nullptr;
constinit observer* detail::current_listener = nullptr;

void install(observer& o, interest in) {
  using namespace snag::detail;
  detail::current_listener = &o;
  if (in == interest::everything) detail::current_observer = &o;
  attention().fetch_or(in == interest::everything ? std::uint32_t{observer_watches} : holdings_are_kept);
}

}  // namespace snag::events

void snag::detail::ignore_races(const char* reason) {
  if (events::observer* o = events::installed()) [[unlikely]]
    if (goroutine* const self = acting_now()) o->on_races_ignored(*self, reason);
}

void snag::events::this_is_an_observers_thread() noexcept { snag::detail::register_internal_thread(); }

// (What the frames from here on have in padding and unused slots is not the caller's.)
[[gnu::noinline]] void snag::look_for_deadlocks() {
  const std::byte* const stack_pointer = events::stack_with_registers();
  if (events::observer* o = events::listening()) [[unlikely]]
    o->on_search_wanted(stack_pointer, {});
}
