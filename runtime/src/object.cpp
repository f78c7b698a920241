// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/object.h"

#include "runtime/src/scheduler.h"

namespace snag::detail {

void object_created(object_header& header) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]] {
    o->on_object_created(as_object(header), &current(), 0, {__builtin_return_address(0)});
  }
}

void object_destroyed(object_header& header) noexcept {
  if (events::observer* o = events::listening()) [[unlikely]] {
    if (header.kind == object_kind::condition_variable && o == events::installed())
      tell_condition_ends(as_object(header), *o);
    o->on_object_destroyed(as_object(header));
  }
}

}  // namespace snag::detail
