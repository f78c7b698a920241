// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the search for deadlocks asks of those who know. There are two answers to each, and each archive has
// one of them: with the race detector all is told as it happens (sources_told.cpp); without it, what the
// runtime has written down is read when somebody looks (deadlock_mode/sources_asked.cpp).
// pre of all but name_places: the program stands still.
#include "detector/src/liveness/capture.h"
#include "detector/src/liveness/handle_ends.h"
#include "detector/src/lock_sets.h"
#include "detector/src/race.h"

namespace snag::detector {

party* party_on(const thread_state&) noexcept;  // who runs there; null: the scheduler

// The locks that it holds, the latest first; where each was taken is asked when it matters.
void visit_held(const party&, void (*visit)(void*, const held_lock&), void* argument) noexcept;
place where_taken(const party&, const held_lock&) noexcept;
bool holds_any(const party&) noexcept;
template <class Visit>
void for_each_held(const party& p, Visit visit) noexcept {
  visit_held(p, [](void* v, const held_lock& l) { (*static_cast<Visit*>(v))(l); }, &visit);
}

// Calls visit for each handle of an object that `wanted` says yes to. False: nothing is known at this moment.
using handle_visitor = void(void*, const void* at, const events::object&, events::direction);
bool visit_handles_of(bool (*wanted)(void*, const events::object&), handle_visitor* visit,
                      void* argument) noexcept;

// Where it was created, and where it waits. pre of the second: it does, and the core stands still.
place where_created(const party&) noexcept;
place where_waits(const party&) noexcept;
// So that a report can name it. After the program goes on.
void name_place_of(place) noexcept;

// Where the object was made; none: unknown.
place where_made(const events::object&) noexcept;

// Where the last handle went that could have ended the wait; by nobody: some are left with others than those
// who wait, or it is not known.
handle_loss last_handle_of(capture&, party_index who, const wait_snapshot::wait&);

// Fills in where the dead wait, as far as it was not told when they blocked.
void find_places(capture&, const vector<bool>& lives) noexcept;
// What a report will ask the names of. After the program goes on.
void name_places(const raw_deadlock&) noexcept;

}  // namespace snag::detector
