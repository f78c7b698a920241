// SPDX-License-Identifier: Apache-2.0
#pragma once
// What kinds of synchronisation objects have in common.
#include "runtime/events.h"

namespace snag::detector {

constexpr bool is_lock(events::object_kind k) {
  using enum events::object_kind;
  return k == mutex || k == shared_mutex || k == pthread_mutex || k == pthread_rwlock;
}
constexpr bool is_condition(events::object_kind k) {
  return k == events::object_kind::condition_variable || k == events::object_kind::pthread_cond;
}
// Waits for these end by somebody who has a handle, and by nobody else.
constexpr bool has_counted_handles(events::object_kind k) {
  return k == events::object_kind::channel || k == events::object_kind::wait_group;
}
constexpr bool is_once(events::object_kind k) {
  using enum events::object_kind;
  return k == once || k == pthread_once;
}

// Has owners: who holds it, or runs the initialiser.
constexpr bool is_owned(events::object_kind k) { return is_lock(k) || is_once(k); }

}  // namespace snag::detector
