// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where counted handles lie (channels, wait groups, contexts): told to an observer that hears everything,
// written down for one that hears of waits alone (census.h, visit_handles). Thread-safe.
//
// A copy that is destroyed again by its thread costs a multiplication and two stores: each OS thread has a
// cache of counts, direct-mapped by address. What is displaced from it, or lost by another thread, goes to a
// table for all: what counts is the sum, so the order in which things get there does not matter.
#include "runtime/events.h"

namespace snag::detail {

void note_handle_gained(events::object&, events::direction, const void* at) noexcept;
void note_handle_lost(events::object&, events::direction, const void* at) noexcept;

inline void tell_handle_gained(events::object& o, events::direction way, const void* at) noexcept {
  events::observer* const listener = events::listening();
  if (listener == nullptr) [[likely]]
    return;
  if (events::installed() != nullptr)
    listener->on_handle_gained(o, way, at);
  else
    note_handle_gained(o, way, at);
}
inline void tell_handle_lost(events::object& o, events::direction way, const void* at) noexcept {
  events::observer* const listener = events::listening();
  if (listener == nullptr) [[likely]]
    return;
  if (events::installed() != nullptr)
    listener->on_handle_lost(o, way, at);
  else
    note_handle_lost(o, way, at);
}
inline void tell_handle_moved(events::object& o, events::direction way, const void* from,
                              const void* to) noexcept {
  tell_handle_gained(o, way, to);
  if (from != nullptr) tell_handle_lost(o, way, from);
}

// In the child of a fork nobody asks any more.
void forget_handles_in_child() noexcept;

}  // namespace snag::detail
