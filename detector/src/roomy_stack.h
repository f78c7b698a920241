// SPDX-License-Identifier: Apache-2.0
#pragma once
// Room for a report, which takes some ten KiB, in a handler on an alternative stack that may have no more
// than two.
#include <cstddef>

namespace snag::detector {

// Calls work(argument): on another stack, with signals held back, if the present one is an alternative stack
// with too little left.
void call_with_room(void (*work)(void*), void* argument) noexcept;

template <class Work>
void with_room(Work work) noexcept {
  call_with_room([](void* w) { (*static_cast<Work*>(w))(); }, &work);
}

// Of a thread that ends: what stands in for its alternative stack.
void forget_stand_in_stack() noexcept;

}  // namespace snag::detector
