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

constexpr const char* repanicked = " [recovered, repanicked]";

bool is_the_handled_one(const thrown_exception& e, std::string_view text) noexcept {
  return e.handled_type != nullptr && *e.handled_type == *e.type && e.handled_text == text;
}

void note_handled(goroutine& self, const thrown_exception* in_flight, thrown_exception& by) noexcept {
  const void* const object = by.handled_object = current_exception_object();
  if (object == nullptr || self.printing_panic) return;
  if (in_flight != nullptr && in_flight->handled_object == object) return;  // that one's throw has noted it
  self.printing_panic = true;
  try {
    by.handled_text = text_of(object, *abi::__cxa_current_exception_type());
    const thrown_exception* noted = throw_of(self, object);
    const bool again = noted != nullptr && repeats_handled(*noted, by.handled_text);
    by.handled_before = noted != nullptr ? recovered_lines(*noted, by.handled_text) : "";
    by.handled_line = "panic: " + indented(by.handled_text) + (again ? repanicked : " [recovered]") + "\n\t";
    by.handled_type = abi::__cxa_current_exception_type();
  } catch (...) {  // no memory
  }
  self.printing_panic = false;
}

// Where a throw is noted while `depth` others unwind the stack, and the innermost of those. Null: not noted.
thrown_exception* noted_at(throw_record& thrown, std::size_t depth) noexcept {
  if (depth == 0) return &thrown.latest;
  return depth <= thrown.nested.size() ? &thrown.nested[depth - 1] : nullptr;
}

thrown_exception* make_room_at(throw_record& thrown, std::size_t depth) noexcept {
  try {
    if (thrown.nested.size() < depth) thrown.nested.resize(depth);
  } catch (...) {  // no memory
  }
  return noted_at(thrown, depth);
}

template <class F>
void for_each_noted(throw_record& thrown, F f) noexcept {
  f(thrown.latest);
  f(thrown.previous);
  for (thrown_exception& e : thrown.nested) f(e);
}

void forget(throw_record& thrown, const void* object) noexcept {
  for_each_noted(thrown, [object](thrown_exception& e) {
    if (e.object == object) e.object = nullptr;
  });
}

std::size_t number_in_flight() noexcept { return static_cast<std::size_t>(std::uncaught_exceptions()); }

void note_throw(const void* object, const std::type_info* type, const void* frame) noexcept {
  goroutine& self = current();
  if (self.thrown == nullptr) {
    void* memory = std::malloc(sizeof(throw_record));
    if (memory == nullptr) return;
    self.thrown = new (memory) throw_record;
  }
  const std::size_t depth = number_in_flight();
  thrown_exception handled;  // asking for its text may throw, and be noted, too
  note_handled(self, depth > 0 ? noted_at(*self.thrown, depth - 1) : nullptr, handled);
  if (depth == 0) self.thrown->previous = std::move(self.thrown->latest);
  forget(*self.thrown, object);  // what lay at the same address is gone
  thrown_exception* const room = make_room_at(*self.thrown, depth);
  if (room == nullptr) return;
  thrown_exception& into = *room;
  into.object = object;
  into.type = type;
  into.rethrown = false;
  into.handled_object = handled.handled_object;
  into.handled_type = handled.handled_type;
  into.handled_text = std::move(handled.handled_text);
  into.handled_line = std::move(handled.handled_line);
  into.handled_before = std::move(handled.handled_before);
  collector c{into, static_cast<const std::byte*>(frame) + 2 * sizeof(void*), stack_limits(self)};
  _Unwind_Backtrace(collect, &c);
  into.frame_count = std::min(c.count, std::size(into.frames));
  into.left_out = c.count - into.frame_count;
  const void** const outer = into.frames + thrown_exception::at_each_end;  // a ring: the oldest goes first
  if (into.left_out > 0)
    std::rotate(outer, outer + into.left_out % thrown_exception::at_each_end, std::end(into.frames));
}

// std::rethrow_exception: what is in flight now is the one that was noted, if it was on this goroutine.
void note_raised_again(const void* object, const std::type_info* type, const void* frame) noexcept {
  goroutine& self = current();
  const thrown_exception* const noted = throw_of(self, object);
  if (noted == nullptr) return note_throw(object, type, frame);
  throw_record& thrown = *self.thrown;
  const std::size_t depth = number_in_flight();
  if (noted == noted_at(thrown, depth)) return;
  try {
    thrown_exception moved = *noted;
    if (depth == 0) thrown.previous = std::move(thrown.latest);
    forget(thrown, object);
    if (thrown_exception* const room = make_room_at(thrown, depth)) *room = std::move(moved);
  } catch (...) {  // no memory
  }
}

void note_rethrow() noexcept {
  const void* object = current_exception_object();
  throw_record* const thrown = current().thrown;
  if (object == nullptr || thrown == nullptr) return;
  if (thrown->latest.object != object && thrown->previous.object == object)
    std::swap(thrown->latest, thrown->previous);
  for_each_noted(*thrown, [object](thrown_exception& e) {
    if (e.object == object) e.rethrown = true;
  });
}

}  // namespace

const thrown_exception* throw_of(const goroutine& g, const void* object) noexcept {
  if (g.thrown == nullptr || object == nullptr) return nullptr;
  const thrown_exception* found = nullptr;
  for_each_noted(*g.thrown, [&](const thrown_exception& e) {
    if (e.object == object) found = &e;
  });
  return found;
}

std::string lines_in_flight(const goroutine& g, const thrown_exception& last) {
  std::string lines;
  for (std::size_t depth = 0; depth <= g.thrown->nested.size(); ++depth) {
    const thrown_exception& e = *noted_at(*g.thrown, depth);
    if (&e == &last) return lines;
    if (e.object == nullptr) continue;
    const std::string text = text_of(e.object, *e.type);
    lines += recovered_lines(e, text) + "panic: " + indented(text);
    lines += repeats_handled(e, text) ? std::string(repanicked) + "\n\t" : "\n\t";
  }
  return "";  // it was thrown while nothing was in flight
}

std::string recovered_lines(const thrown_exception& e, std::string_view text) {
  return is_the_handled_one(e, text) ? e.handled_before : e.handled_before + e.handled_line;
}

bool repeats_handled(const thrown_exception& e, std::string_view text) noexcept {
  return e.rethrown || is_the_handled_one(e, text);
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

// std::rethrow_exception. Its argument is passed by a pointer to it.
extern "C" __attribute__((noreturn, weak)) void snag_rethrow_exception(std::exception_ptr* argument) __asm__(
    "_ZSt17rethrow_exceptionNSt15__exception_ptr13exception_ptrE");
void snag_rethrow_exception(std::exception_ptr* argument) {
  static constinit snag::detail::real_function<void(std::exception_ptr*)> next(
      "_ZSt17rethrow_exceptionNSt15__exception_ptr13exception_ptrE");
  if (*argument != nullptr) {
    snag::detail::note_raised_again(snag::detail::object_of(*argument), argument->__cxa_exception_type(),
                                    __builtin_frame_address(0));
  }
  next(argument);
  __builtin_unreachable();
}

extern "C" __attribute__((noreturn, weak)) void __cxa_rethrow() {
  static constinit snag::detail::real_function<void()> next("__cxa_rethrow");
  snag::detail::note_rethrow();
  next();
  __builtin_unreachable();
}
