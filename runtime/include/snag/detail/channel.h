// SPDX-License-Identifier: Apache-2.0
#pragma once
// The face of the untyped channel core (runtime/src/channel.h) that the templates of chan.h and select.h
// call. Every operation is a library function: its bookkeeping stays out of instrumented translation units,
// and its return address is the operation's site.
//
// An element crosses as bytes between temporaries when its type is trivially copyable. Elements of other
// types travel boxed: the sender moves its value into a heap-allocated box, on its own goroutine; the pointer
// crosses the channel; the receiver moves the value out on its own. Thread-safe.
#include <cstddef>
#include <cstdint>

#include "snag/config.h"

namespace snag {

enum class chan_status : std::uint8_t { ok, empty, closed };

namespace detail {

class channel;

enum class channel_direction : std::uint8_t { send = 1, receive = 2, both = 3 };
constexpr bool can_send(channel_direction d) { return static_cast<unsigned>(d) & 1U; }
constexpr bool can_receive(channel_direction d) { return static_cast<unsigned>(d) & 2U; }

struct element_type {
  std::size_t size;  // bytes that cross: of the element, 0 if it has no state, of a box pointer
  void (*destroy)(void* box) noexcept;  // a box nobody received; null: elements are bytes
};

// --- Handles. `at`: the address of the handle. Null channels are nil and count nothing.
channel* make_channel(long long capacity, const element_type&,
                      SNAG_NOESCAPE void* at);  // panics if capacity < 0
void gain_channel(channel*, channel_direction, SNAG_NOESCAPE void* at) noexcept;
void lose_channel(channel*, channel_direction, SNAG_NOESCAPE void* at) noexcept;
void move_channel(channel*, channel_direction, SNAG_NOESCAPE void* from, SNAG_NOESCAPE void* to) noexcept;

// --- Operations. `element`: the sender's temporary, or where a received element goes (null: dropped).
void channel_send(channel*, SNAG_NOESCAPE void* element);
bool channel_receive(channel*, SNAG_NOESCAPE void* element);  // false: closed and drained, nothing written
chan_status channel_try_receive(channel*, SNAG_NOESCAPE void* element);
bool channel_try_send(channel*, SNAG_NOESCAPE void* element);
void channel_close(channel*);
std::size_t channel_length(channel*) noexcept;
std::size_t channel_capacity(channel*) noexcept;

// A send in two halves, for elements that may only be moved from once it is certain that they go: after a
// begun send the channel stands still, and everybody else waits, until it is committed or abandoned.
bool channel_begin_send(channel*);  // false: refused, nothing begun
void channel_commit_send(channel*, SNAG_NOESCAPE void* element) noexcept;
void channel_abandon_send(channel*) noexcept;

}  // namespace detail
}  // namespace snag
