// SPDX-License-Identifier: Apache-2.0
#pragma once
// What actors hold, written down for an observer that hears of waits alone (events.h, holdings): two or three
// plain stores for a lock, none of them shared. Operations that are inline in the user's code call note_taken
// and its kin (snag/detail/current.h); functions of the runtime call these.
#include "runtime/src/goroutine.h"

namespace snag::detail {

inline bool holdings_kept() noexcept {
  return events::listening() != nullptr && events::installed() == nullptr;
}

// pre of both: holdings_kept(); `where` is the return address of a function of ours that is being executed.
void note_taken_by(goroutine& self, const void* lock, events::lock_mode, events::site where) noexcept;
// False: it does not hold it; whoever took it has let somebody else unlock it.
bool note_let_go_by(goroutine& self, const void* lock, events::lock_mode) noexcept;
// The same, of whoever acts on this thread; nothing, and true, on a scheduler's stack.
void note_taken_here(const void* lock, events::lock_mode, events::site where) noexcept;
bool note_let_go_here(const void* lock, events::lock_mode) noexcept;

}  // namespace snag::detail
