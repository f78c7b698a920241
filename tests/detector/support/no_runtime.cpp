// SPDX-License-Identifier: Apache-2.0
// The core without a runtime: actors of scripted events have no memory of their own, and nobody watches them.
#include <cstdlib>

#include "runtime/census.h"
#include "runtime/observer_thread.h"
#include "runtime/options.h"

namespace snag::events {

actor_memory memory_of(const actor&, site) noexcept { return {}; }
void this_is_an_observers_thread() noexcept {}
bool is_dying() noexcept { return false; }
bool outside_may_act() noexcept { return true; }
void end_all_asleep() noexcept { std::abort(); }

}  // namespace snag::events

const char* snag::detail::option(std::string_view key) noexcept { return key == "watch" ? "0" : nullptr; }
