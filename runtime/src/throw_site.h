// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where exceptions were thrown. Go prints a panic's stack after the deferred calls have run, which it can
// because they run on top of it; in C++ the stack is gone by then. So __cxa_throw is ours: it notes the
// return addresses (about as long a walk as the throw's own search for a handler) and passes on. (Rejected:
// letting exceptions reach the end of the stack without a handler. The stack would still be there in the
// terminate handler, but no destructor would have run, and Go's deferred calls do run.)
//
// What was being handled at a throw is noted as well, as text, because it is gone when the program ends: Go
// prints it as "[recovered]".
#include <cstddef>
#include <string>
#include <typeinfo>
#include <vector>

#include "runtime/src/goroutine.h"

namespace snag::detail {

struct thrown_exception {
  static constexpr std::size_t at_each_end = 64;  // of a deep stack
  const void* object = nullptr;                   // null: none
  const std::type_info* type = nullptr;
  std::size_t frame_count = 0;
  std::size_t left_out = 0;  // frames in the middle, after the first at_each_end
  const void* frames[2 * at_each_end];
  bool rethrown = false;  // caught, and passed on by `throw;`
  // What was being handled (null: nothing). Unless handled_type is null, because what is in flight met it
  // first: its text, its line, and what its throw had met in turn ("panic: … [recovered]" lines, oldest
  // first).
  const void* handled_object = nullptr;
  const std::type_info* handled_type = nullptr;
  std::string handled_text, handled_line, handled_before;
};

// The most recent throws of one goroutine. `nested`: those thrown while `latest` was unwinding the stack, the
// second while the first was unwinding it further up, and so on.
struct throw_record {
  thrown_exception latest, previous;
  std::vector<thrown_exception> nested;
};

const thrown_exception* throw_of(const goroutine&, const void* object) noexcept;  // null: not noted any more
void forget_throws(goroutine&) noexcept;

// For the end of the program: what is printed before the exception's own line, and whether it is the one that
// was being handled once more. `text`: its own. What was in flight is asked for its text, so it must be
// still.
std::string lines_in_flight(const goroutine&, const thrown_exception&);
std::string recovered_lines(const thrown_exception&, std::string_view text);
bool repeats_handled(const thrown_exception&, std::string_view text) noexcept;

}  // namespace snag::detail
