// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one actor contributes to orders of locks: which of its nested acquisitions are known already, whose
// writes it saw under locks, and which locks guard it although another one holds them. Most actors have none.
// Not thread-safe, as the actor's clocks are not; a gate_hold may be read by others once it is released.
#include <atomic>
#include <cstdint>

#include "detector/src/lock_sets.h"
#include "detector/src/vector_clock.h"

namespace snag::detector {

// A lock that somebody held while it created others. Those who end, for it, before it is unlocked (it waited
// for them) are guarded by it as by a lock of their own ("Beyond per-thread lock sets", arXiv 2512.23552).
// Never given back: their number is bounded, and who is created beyond it has no steps.
struct gate_hold {
  events::goroutine_id owner = events::goroutine_id::none;
  std::uint64_t address = 0;
  events::lock_mode mode = events::lock_mode::exclusive;
  gate_hold* outer = nullptr;  // further ones
  // Written before `released`: what the owner had learned when it unlocked, and when that was.
  vector_clock known_at_release;
  epoch at_release;
  std::atomic<bool> released{false};
};

class lock_steps {
 public:
  // --- Data flow: the actor, holding `under`, met what another wrote at `e`, unordered but for locks. It
  // counts once the lock is released that it was met under: what is guarded by the locks of a section does
  // not order the section itself.
  void note_flow(epoch e, std::uint64_t under) noexcept;
  void settle_flows(std::uint64_t released) noexcept;
  const clock_tree& flows() const noexcept { return flows_; }
  void join_flows(const clock_tree& other) noexcept { flows_.join(other); }

  // Whether anything that `slot` wrote at `since` or later was met.
  bool met_flow(slot_id slot, clock_time since) const noexcept;

  // --- The operation on a channel that it is about to do, or waits in, while it holds locks.
  struct {
    const events::object* on = nullptr;
    events::wait_operation operation = events::wait_operation::wait;
    place where;
    vector_clock before;
  } wait;

  // --- Acquisitions told already. Whether this one, with the order as it is now, is worth telling again.
  bool is_news(lock_set_id, std::uint32_t order_changes) noexcept;
  void forget_told() noexcept;

  // --- Gates.
  gate_hold* inherited = nullptr;
  gate_hold* open = nullptr;   // its own, innermost first; then the inherited ones
  bool unknown_gates = false;  // there were too many: it stays silent

 private:
  struct pending_flow {
    epoch at;
    std::uint64_t under;
  };
  struct told {
    lock_set_id set = lock_set_id::none;
    std::uint32_t order_changes = 0, times = 0;
  };
  static constexpr std::size_t most_pending = 16, remembered = 8;
  clock_tree flows_;
  vector<pending_flow> pending_;
  told told_[remembered];
};

}  // namespace snag::detector
