// SPDX-License-Identifier: Apache-2.0
// The library functions behind chan<T>: nil channels, sites, and what the observer learns about handles.
#include "runtime/src/channel.h"
#include "runtime/src/handle_table.h"
#include "snag/panic.h"

namespace snag::detail {

using events::wait_mode;
using events::wait_operation;

namespace {

constexpr events::direction observed(channel_direction d) noexcept {
  return static_cast<events::direction>(d);
}

constexpr const char* outside_send = "send on synctest channel from outside bubble";
constexpr const char* outside_receive = "receive on synctest channel from outside bubble";

[[noreturn]] void block_for_ever(wait_reason reason, wait_operation operation, events::site where) {
  if (events::observer* o = events::listening()) [[unlikely]] {
    const events::wait_target never{nullptr, operation};
    o->on_blocked(current(), reason, wait_mode::all_of, {&never, 1}, where);
  }
  for (;;) park([](void*) {}, nullptr, reason);
}

}  // namespace

channel* make_channel(long long capacity, const element_type& type, SNAG_NOESCAPE void* at) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  if (capacity < 0) panic("makechan: size out of range");
  channel* const made = channel::make(static_cast<std::size_t>(capacity), type, where);
  tell_handle_gained(made->object(), events::direction::both, at);
  return made;
}

void gain_channel(channel* c, channel_direction way, SNAG_NOESCAPE void* at) noexcept {
  if (c == nullptr) return;
  c->add_reference();
  tell_handle_gained(c->object(), observed(way), at);
}

void lose_channel(channel* c, channel_direction way, SNAG_NOESCAPE void* at) noexcept {
  if (c == nullptr) return;
  tell_handle_lost(c->object(), observed(way), at);
  c->drop_reference();
}

void move_channel(channel* c, channel_direction way, SNAG_NOESCAPE void* from,
                  SNAG_NOESCAPE void* to) noexcept {
  if (c == nullptr) return;
  tell_handle_moved(c->object(), observed(way), from, to);
}

void channel_send(channel* c, SNAG_NOESCAPE void* element) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  if (c == nullptr) block_for_ever(wait_reason::chan_send_nil, wait_operation::send, where);
  c->check_bubble(outside_send);
  c->send(element, where);
}

bool channel_receive(channel* c, SNAG_NOESCAPE void* element) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  if (c == nullptr) block_for_ever(wait_reason::chan_receive_nil, wait_operation::receive, where);
  c->check_bubble(outside_receive);
  return c->receive(element, where);
}

bool channel_try_send(channel* c, SNAG_NOESCAPE void* element) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  if (c == nullptr) return false;
  c->check_bubble(outside_send);
  return c->try_send(element, where);
}

chan_status channel_try_receive(channel* c, SNAG_NOESCAPE void* element) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  if (c == nullptr) return chan_status::empty;
  c->check_bubble(outside_receive);
  return c->try_receive(element, where);
}

bool channel_begin_send(channel* c) {
  schedule_point();
  if (c == nullptr) return false;
  c->check_bubble(outside_send);
  return c->begin_send();
}

void channel_commit_send(channel* c, SNAG_NOESCAPE void* element) noexcept {
  c->commit_send(element, {__builtin_return_address(0)});
}

void channel_abandon_send(channel* c) noexcept { c->abandon_send(); }

void channel_close(channel* c) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  if (c == nullptr) panic("close of nil channel");
  c->check_bubble("close of synctest channel from outside bubble");
  c->close(where);
}

std::size_t channel_length(channel* c) noexcept {
  schedule_point();
  return c == nullptr ? 0 : c->length();
}

std::size_t channel_capacity(channel* c) noexcept { return c == nullptr ? 0 : c->capacity(); }

}  // namespace snag::detail
