// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/throw_site.h"

#include <cxxabi.h>
#include <unwind.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <new>
#include <utility>

#include "runtime/src/panic_text.h"
#include "runtime/src/posix/real.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/stack_walk.h"

namespace snag::detail {
namespace {

// By unwind tables, not frame pointers: exceptions are often thrown by libraries that keep none.
struct collector {
  thrown_exception& to;
  const std::byte* from;  // the thrower's frame lies above
  events::stack_bounds bounds;
  std::size_t count = 0;
};

// Of the stack that a throw walks, so that throwing far below the handler stays affordable.
constexpr std::size_t most_frames = 4096;

_Unwind_Reason_Code collect(_Unwind_Context* context, void* argument) {
  collector& c = *static_cast<collector*>(argument);
  const auto* frame = reinterpret_cast<const std::byte*>(_Unwind_GetCFA(context));
  if (frame >= c.bounds.high || c.count == most_frames) return _URC_END_OF_STACK;
  if (frame < c.from) return _URC_NO_REASON;
  constexpr std::size_t end = thrown_exception::at_each_end;
  const std::size_t at = c.count < end ? c.count : end + (c.count - end) % end;
  c.to.frames[at] = reinterpret_cast<const void*>(_Unwind_GetIP(context));
  ++c.count;
  return _URC_NO_REASON;
}

void note_handled(goroutine& self, thrown_exception& by) noexcept {
  const void* object = current_exception_object();
  if (object == nullptr || self.printing_panic) return;
  self.printing_panic = true;
  try {
    by.handled_text = text_of(object, *abi::__cxa_current_exception_type());
    const thrown_exception* noted = throw_of(self, object);
    by.handled_before = noted != nullptr ? recovered_lines(*noted, by.handled_text) : "";
    by.handled_type = abi::__cxa_current_exception_type();
  } catch (...) {  // no memory
  }
  self.printing_panic = false;
}

void note_throw(const void* object, const std::type_info* type, const void* frame) noexcept {
  goroutine& self = current();
  if (self.thrown == nullptr) {
    void* memory = std::malloc(sizeof(throw_record));
    if (memory == nullptr) return;
    self.thrown = new (memory) throw_record;
  }
  thrown_exception handled;  // asking for its text may throw, and be noted, too
  note_handled(self, handled);
  const bool unwinding = std::uncaught_exceptions() > 0;
  thrown_exception& into = unwinding ? self.thrown->nested : self.thrown->latest;
  if (!unwinding) self.thrown->previous = std::move(self.thrown->latest);
  into.object = object;
  into.type = type;
  into.rethrown = false;
  into.handled_type = handled.handled_type;
  into.handled_text = std::move(handled.handled_text);
  into.handled_before = std::move(handled.handled_before);
  collector c{into, static_cast<const std::byte*>(frame) + 2 * sizeof(void*), stack_limits(self)};
  _Unwind_Backtrace(collect, &c);
  into.frame_count = std::min(c.count, std::size(into.frames));
  into.left_out = c.count - into.frame_count;
  const void** const outer = into.frames + thrown_exception::at_each_end;  // a ring: the oldest goes first
  if (into.left_out > 0)
    std::rotate(outer, outer + into.left_out % thrown_exception::at_each_end, std::end(into.frames));
}

void note_rethrow() noexcept {
  const void* object = current_exception_object();
  throw_record* const thrown = current().thrown;
  if (object == nullptr || thrown == nullptr) return;
  if (thrown->latest.object != object && thrown->previous.object == object)
    std::swap(thrown->latest, thrown->previous);
  for (thrown_exception* e : {&thrown->latest, &thrown->nested})
    if (e->object == object) e->rethrown = true;
}

}  // namespace

const thrown_exception* throw_of(const goroutine& g, const void* object) noexcept {
  if (g.thrown == nullptr || object == nullptr) return nullptr;
  for (const thrown_exception* e : {&g.thrown->nested, &g.thrown->latest, &g.thrown->previous})
    if (e->object == object) return e;
  return nullptr;
}

std::string recovered_lines(const thrown_exception& e, std::string_view text) {
  if (e.handled_type == nullptr) return "";
  if (repeats_handled(e, text)) return e.handled_before;
  return e.handled_before + "panic: " + indented(e.handled_text) + " [recovered]\n\t";
}

bool repeats_handled(const thrown_exception& e, std::string_view text) noexcept {
  return e.rethrown || (e.handled_type != nullptr && *e.handled_type == *e.type && e.handled_text == text);
}

void forget_throws(goroutine& g) noexcept {
  if (g.thrown == nullptr) [[likely]]
    return;
  g.thrown->~throw_record();
  std::free(std::exchange(g.thrown, nullptr));
}

}  // namespace snag::detail

// Weak: where libstdc++ is linked statically, its own definition must win rather than clash (and throw sites
// are not known). The address sanitizer's is weak, too, and would: there the linker makes callers call this
// one (--wrap, see CMakeLists.txt).
#if SNAG_ADDRESS_SANITIZER
#define SNAG_THROW __wrap___cxa_throw
#else
#define SNAG_THROW __cxa_throw
#endif
extern "C" __attribute__((noreturn, weak)) void SNAG_THROW(void* object, std::type_info* type,
                                                           void (*destroy)(void*)) {
  static constinit snag::detail::real_function<void(void*, std::type_info*, void (*)(void*))> next(
      "__cxa_throw");
  snag::detail::note_throw(object, type, __builtin_frame_address(0));
  next(object, type, destroy);
  __builtin_unreachable();
}

extern "C" __attribute__((noreturn, weak)) void __cxa_rethrow() {
  static constinit snag::detail::real_function<void()> next("__cxa_rethrow");
  snag::detail::note_rethrow();
  next();
  __builtin_unreachable();
}
