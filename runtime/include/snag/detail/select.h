// SPDX-License-Identifier: Apache-2.0
#pragma once
// The face of the untyped select (runtime/src/select.cpp) that the templates of select.h call: the cases,
// with the storage that the runtime needs for each of them, so that a select allocates nothing.
#include <cstddef>
#include <cstdint>

#include "snag/detail/channel.h"

namespace snag::detail {

struct select_case {
  enum class action : std::uint8_t {
    send,           // element: the sender's temporary
    deferred_send,  // if chosen, the caller owes channel_commit_send or channel_abandon_send
    receive,        // element: where it goes, or null
    timeout,        // after `nanoseconds`
    otherwise,      // the default
  };
  channel* on = nullptr;  // null: nil, never ready
  void* element = nullptr;
  std::int64_t nanoseconds = 0;
  action what = action::otherwise;
  bool received = false;  // out: false if the channel was closed

  std::uint32_t poll_order = 0, lock_order = 0;  // the runtime's, as is all that follows
  alignas(void*) std::byte waiter[9 * sizeof(void*)];
};

// Decides among the cases, parking if it must: the index of the chosen one. Panics if that is a send on a
// closed channel.
std::size_t select(select_case* cases, std::size_t count);
[[noreturn]] void panic_with(const char* words);

}  // namespace snag::detail
