// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where exceptions were thrown. Go prints a panic's stack after the deferred calls have run, which it can
// because they run on top of it; in C++ the stack is gone by then. So __cxa_throw is ours: it notes the
// return addresses (about as long a walk as the throw's own search for a handler) and passes on. (Rejected:
// letting exceptions reach the end of the stack without a handler. The stack would still be there in the
// terminate handler, but no destructor would have run, and Go's deferred calls do run.)
#include <cstddef>
#include <typeinfo>

#include "runtime/src/goroutine.h"

namespace snag::detail {

struct thrown_exception {
  static constexpr std::size_t maximum_frames = 64;
  const void* object = nullptr;  // null: none
  const std::type_info* type = nullptr;
  std::size_t frame_count = 0;
  const void* frames[maximum_frames];
};

// The most recent throws of one goroutine, newest first: the one that ends it, and the one it broke into.
struct throw_record {
  thrown_exception latest, previous;
};

const thrown_exception* throw_of(const goroutine&, const void* object) noexcept;  // null: not noted any more
void forget_throws(goroutine&) noexcept;

}  // namespace snag::detail
