// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/handle_ends.h"

namespace snag::detector {

using events::direction;
using events::goroutine_id;
using events::wait_operation;

std::uint32_t handle_ends::gained(direction way) noexcept {
  ++all_;
  if (way != direction::receive) ++to_send_;
  return ++changes_;
}

void handle_ends::lost(direction way) noexcept {
  ++changes_;
  if (all_ != 0) --all_;
  if (way != direction::receive && to_send_ != 0) --to_send_;
}

void handle_ends::note(direction way, handle_loss loss) noexcept {
  if (way != direction::receive) of_sending_.add(loss);
  if (way != direction::send) of_receiving_.add(loss);
}

void handle_ends::history::add(handle_loss loss) noexcept {
  if (last.by != loss.by) last_by_another = last;
  last = loss;
}

void handle_ends::waits(wait_operation what, int more) noexcept {
  std::uint32_t& n = what == wait_operation::send ? senders_ : receivers_;
  if (more > 0 || n != 0) n += static_cast<std::uint32_t>(more);
}

handle_loss handle_ends::latest(wait_operation waited_for, goroutine_id but) const noexcept {
  const history& h = waited_for == wait_operation::send ? of_receiving_ : of_sending_;
  return h.last.by != but ? h.last : h.last_by_another;
}

}  // namespace snag::detector
