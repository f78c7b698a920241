// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parts of spawn(), so that a closure can be built inside the goroutine's control block, and the
// goroutine can be told of under a lock that it must not find taken.
#include "runtime/src/scheduler.h"

namespace snag::detail {

// A goroutine that is not alive yet: set run and closure, then launch().
goroutine& make_goroutine(spawn_options, events::actor* parent, const void* pc) noexcept;
void announce(goroutine&, events::actor* parent) noexcept;  // emits on_created
void set_off(goroutine&) noexcept;                          // it may have ended before this returns
void launch(goroutine&, events::actor* parent) noexcept;    // both

}  // namespace snag::detail
