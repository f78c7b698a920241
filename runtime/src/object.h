// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the header that users' objects begin with to the object that observers know.
#include <cstddef>
#include <type_traits>

#include "runtime/events.h"
#include "snag/detail/object_header.h"

namespace snag::detail {

static_assert(sizeof(object_header) == sizeof(events::object) &&
              alignof(object_header) == alignof(events::object));
static_assert(offsetof(object_header, kind) == offsetof(events::object, kind));
static_assert(offsetof(object_header, is_proxy) == offsetof(events::object, is_proxy));
static_assert(offsetof(object_header, state) == offsetof(events::object, slot));
constexpr bool same(object_kind a, events::object_kind b) {
  return static_cast<int>(a) == static_cast<int>(b);
}
static_assert(same(object_kind::channel, events::object_kind::channel) &&
              same(object_kind::mutex, events::object_kind::mutex) &&
              same(object_kind::shared_mutex, events::object_kind::shared_mutex) &&
              same(object_kind::once, events::object_kind::once) &&
              same(object_kind::condition_variable, events::object_kind::condition_variable) &&
              same(object_kind::wait_group, events::object_kind::wait_group) &&
              same(object_kind::semaphore, events::object_kind::semaphore) &&
              same(object_kind::other, events::object_kind::other));

// A condition variable that somebody still waits for is being destroyed, perhaps.
void tell_condition_ends(events::object&, events::observer&) noexcept;

// Only the runtime and the observer look at the header after its construction, always through this.
inline events::object& as_object(object_header& header) noexcept {
  return *reinterpret_cast<events::object*>(&header);
}

}  // namespace snag::detail
