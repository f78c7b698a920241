// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/throw_site.h"

#include <unwind.h>

#include <cstdlib>
#include <new>
#include <utility>

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
};

_Unwind_Reason_Code collect(_Unwind_Context* context, void* argument) {
  collector& c = *static_cast<collector*>(argument);
  const auto* frame = reinterpret_cast<const std::byte*>(_Unwind_GetCFA(context));
  if (frame >= c.bounds.high || c.to.frame_count == thrown_exception::maximum_frames)
    return _URC_END_OF_STACK;
  if (frame >= c.from)
    c.to.frames[c.to.frame_count++] = reinterpret_cast<const void*>(_Unwind_GetIP(context));
  return _URC_NO_REASON;
}

void note_throw(const void* object, const std::type_info* type, const void* frame) noexcept {
  goroutine& self = current();
  if (self.thrown == nullptr) {
    void* memory = std::malloc(sizeof(throw_record));
    if (memory == nullptr) return;
    self.thrown = new (memory) throw_record;
  }
  self.thrown->previous = self.thrown->latest;
  thrown_exception& latest = self.thrown->latest;
  latest.object = object;
  latest.type = type;
  latest.frame_count = 0;
  collector into{latest, static_cast<const std::byte*>(frame) + 2 * sizeof(void*), stack_limits(self)};
  _Unwind_Backtrace(collect, &into);
}

}  // namespace

const thrown_exception* throw_of(const goroutine& g, const void* object) noexcept {
  if (g.thrown == nullptr || object == nullptr) return nullptr;
  if (g.thrown->latest.object == object) return &g.thrown->latest;
  return g.thrown->previous.object == object ? &g.thrown->previous : nullptr;
}

void forget_throws(goroutine& g) noexcept {
  if (g.thrown != nullptr) [[unlikely]]
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
extern "C" [[noreturn, gnu::weak]] void SNAG_THROW(void* object, std::type_info* type,
                                                   void (*destroy)(void*)) {
  static constinit snag::detail::real_function<void(void*, std::type_info*, void (*)(void*))> next(
      "__cxa_throw");
  snag::detail::note_throw(object, type, __builtin_frame_address(0));
  next(object, type, destroy);
  __builtin_unreachable();
}
