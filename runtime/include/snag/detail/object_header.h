// SPDX-License-Identifier: Apache-2.0
#pragma once
// What every synchronisation object begins with: its kind and one word that belongs to an observer. The same
// layout as events::object, which users' code does not see (checked in runtime/src/object.h).
#include <cstdint>

namespace snag::detail {

enum class object_kind : std::uint8_t {
  channel,
  mutex,
  shared_mutex,
  once,
  condition_variable,
  wait_group,
  semaphore = 8,
  other = 13,
};

struct object_header {
  object_kind kind;
  bool is_proxy = false;
  void* state = nullptr;
};

void object_created(object_header&) noexcept;
void object_destroyed(object_header&) noexcept;

}  // namespace snag::detail
