// SPDX-License-Identifier: Apache-2.0
#pragma once
// Objects that observers know, for synchronisation objects that have no room for one: POSIX ones, known by
// their address. Used only while an observer is installed. Thread-safe.
#include "runtime/events.h"

namespace snag::detail {

struct address_object : events::proxy_object {
  const events::actor* writer = nullptr;  // of a rwlock: who holds it for writing
};

// The object at that address; made on first use, and anew if another kind lived there before.
address_object& object_at(const void* address, events::object_kind) noexcept;
void forget_object(const void* address) noexcept;

}  // namespace snag::detail
