// SPDX-License-Identifier: Apache-2.0
#pragma once
// Uses of a channel or wait group that its users have to order: each is an access to the object's word, which
// no program names, so that the pair is found under every schedule, with both stacks, whichever comes first.
//   channel     a send reads, a close writes: a send that comes after the close panics, and so does a second
//               close (Go specification, "Send statements", "Close"; runtime/chan.go compares them in the
//               same way)
//   wait group  an add that finds the count at zero reads, a wait writes atomically: adds may come beside
//   adds
//               and waits beside waits, but "calls with a positive delta that occur when the counter is zero
//               must happen before a Wait", and "new Add calls must happen after all previous Wait calls have
//               returned" (Go, sync/waitgroup.go). Go's detector compares the first waiter that blocks; here
//               it is every wait, also one that returns at once, and before it learns from those who were
//               done: that the add came first, and was done with in time, was luck.
// Thread-safe. Precondition: inside the core, no lock of ours held.
#include <cstddef>

#include "detector/src/actor_state.h"
#include "detector/src/shadow_access.h"

namespace snag::detector {

// Of the word's bytes: waits of those who know of an earlier round are kept apart from others, so that a
// report can say which it was. An add meets both.
struct used_bytes {
  std::size_t first = 0, count = 1;
};
inline constexpr used_bytes wait_of_first_round{0, 1}, wait_of_later_round{4, 1}, whole_word{0, 8};

void use_object(thread_state&, actor_state& self, events::object&, access_kind, const void* stack_pointer,
                used_bytes = {}) noexcept;
// Of a wait, by where it met an add. (The word is aligned like a pointer.)
inline bool is_later_round(std::uint64_t address) noexcept {
  return (address & 7) >= wait_of_later_round.first;
}

}  // namespace snag::detector
