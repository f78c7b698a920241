// SPDX-License-Identifier: Apache-2.0
#pragma once
// The two halves of spawn(), so that a closure can be built inside the goroutine's control block.
#include "runtime/src/scheduler.h"

namespace snag::detail {

// A goroutine that is not alive yet: set run and closure, then launch().
goroutine& make_goroutine(spawn_options, events::actor* parent, const void* pc) noexcept;
void launch(goroutine&, events::actor* parent) noexcept;  // emits on_created

}  // namespace snag::detail
