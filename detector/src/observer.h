// SPDX-License-Identifier: Apache-2.0
#pragma once
// The core's ear at the runtime: turns events (runtime/events.h) into happens-before.
//   created      the child begins with what its parent knows; the parent's epoch ends
//   joined       the waiter learns all that the ended thread knew
//   released     the object takes over the releaser's clock; merging: adds it to its own
//   buffered     a slot of a channel: k-th send before the k-th receive, k-th receive before the (k+C)-th
//   send completes rendezvous   each side learns what the other knew closed       the channel's close has a
//   clock of its own
//   used         what an object's users have to order themselves is compared as accesses are (object_use.h)
//   timer armed  the timer takes over the armer's clock; it has no time of its own, since it never accesses
//   memory
// Thread-safe as events.h asks. Allocates only from internal memory.
#include "runtime/events.h"

namespace snag::detector {

class core_observer final : public events::observer {
 public:
  void on_created(events::actor& child, events::actor* parent, events::site) override;
  void on_started(events::actor&, events::stack_bounds) override;
  void on_ended(events::actor&, events::stack_bounds) override;
  void on_unwound(events::actor&) override;
  void on_switched(events::actor* from, events::actor* to) override;
  void on_joined(events::actor& waiter, events::actor& ended) override;
  void on_detached(events::actor& thread) override;
  void on_named(events::actor&) override;
  void on_acquired(events::actor&, events::object&, std::size_t part, events::site) override;
  void on_released(events::actor&, events::object&, std::size_t part, events::site) override;
  void on_released_merging(events::actor&, events::object&, std::size_t part, events::site) override;
  void on_buffered(events::actor&, events::object& channel, std::size_t slot, events::direction,
                   events::site) override;
  void on_rendezvous(events::actor&, events::actor& partner, events::object& channel,
                     events::direction of_self, events::site) override;
  void on_closed(events::actor&, events::object& channel, events::site) override;
  void on_touched(events::actor&, events::object&, bool writes, events::site) override;
  void on_counted(events::actor&, events::object& group, std::int32_t delta, std::int32_t count,
                  events::site) override;
  void on_misused(events::actor&, events::object&, events::misuse, events::actor* other, const char* words,
                  events::site) override;
  void on_panicked(events::actor&, const char* words) override;
  void on_received_closed(events::actor&, events::object& channel, events::site) override;
  void on_lock_owned(events::actor&, events::object&, events::lock_mode, bool, events::site) override;
  void on_lock_disowned(events::actor&, events::object&, events::lock_mode, events::site) override;
  void on_mutex_locked(events::actor&, events::object&, bool tried, events::site) override;
  void on_mutex_unlocking(events::actor&, events::object&, events::site) override;
  void on_waits_for_others(events::actor&, events::object&, events::wait_operation, events::site) override;
  void on_waits_unlocking(events::actor&, events::object& condition, events::site) override;
  void on_blocked(events::actor&, events::wait_reason, events::wait_mode,
                  std::span<const events::wait_target>, events::site) override;
  void on_unblocked(events::actor&, events::actor* by) override;
  void on_lull(events::lull) override;
  void on_search_wanted(const std::byte* stack_pointer, events::site) override;
  void on_handle_gained(events::object&, events::direction, const void* at) override;
  void on_handle_lost(events::object&, events::direction, const void* at) override;
  void on_scope_opened(events::actor&, events::scope&, events::site) override;
  events::scope_rest on_scope_asked(events::actor&, events::scope&) override;
  void on_scope_closed(events::actor&, events::scope&, void (*tell)(void*, const events::scope_finding&),
                       void* to) override;
  void on_timer_armed(events::actor& timer, events::actor& armer, events::site) override;
  void on_signal_timer_armed(std::uint32_t timer, events::actor& armer, events::site) override;
  void on_races_ignored(events::actor&, const char* reason) override;
  void on_object_created(events::object&, events::actor* creator, std::size_t size, events::site) override;
  void on_object_destroyed(events::object&) override;
  void on_stacks_mapped(std::byte* low, std::byte* high) override;
  int on_exit(int status) override;
};

core_observer& the_observer() noexcept;

}  // namespace snag::detector
