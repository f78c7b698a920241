// SPDX-License-Identifier: Apache-2.0
#pragma once
// The ear at the runtime when only deadlocks and leaks are looked for: it hears of lives and waits
// (events::interest::waits). Who holds what and where handles lie is read when somebody looks
// (sources_asked.cpp). Thread-safe as events.h asks; allocates only from internal memory.
#include "runtime/events.h"

namespace snag::detector {

class wait_observer final : public events::observer {
 public:
  void on_created(events::actor& child, events::actor* parent, events::site) override;
  void on_started(events::actor&, events::stack_bounds) override;
  void on_ended(events::actor&, events::stack_bounds) override;
  void on_switched(events::actor* from, events::actor* to) override;
  void on_blocked(events::actor&, events::wait_reason, events::wait_mode,
                  std::span<const events::wait_target>, events::site) override;
  void on_unblocked(events::actor&, events::actor* by) override;
  void on_lull(events::lull) override;
  void on_search_wanted(const std::byte* stack_pointer, events::site) override;
  void on_scope_opened(events::actor& self, events::scope&, events::site) override;
  events::scope_rest on_scope_asked(events::actor& self, events::scope&) override;
  void on_scope_closed(events::actor& self, events::scope&,
                       void (*tell)(void* to, const events::scope_finding&), void* to) override;
  void on_lock_disowned(events::actor&, events::object&, events::lock_mode, events::site) override;
  void on_holdings_full(events::actor&) override;
  void on_object_created(events::object&, events::actor* creator, std::size_t size, events::site) override;
  void on_object_destroyed(events::object&) override;
  void on_stacks_mapped(std::byte* low, std::byte* high) override;
  int on_exit(int status) override;
};

wait_observer& the_wait_observer() noexcept;

}  // namespace snag::detector
