// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the POSIX interposers have to say to an observer. Nothing is said for a scheduler's stack.
#include <cerrno>
#include <span>

#include "runtime/src/holdings.h"
#include "runtime/src/posix/address_objects.h"
#include "runtime/src/posix/parking_lot.h"
#include "runtime/src/posix/support_libraries.h"
#include "runtime/src/worker.h"

namespace snag::detail {

// Parts of a lock's clock: writers release the first; readers merge into the second, which only writers
// acquire, so that readers do not order each other.
inline constexpr std::size_t writer_part = 0, reader_part = 1;

inline void tell_locked(const void* lock, events::object_kind kind, events::lock_mode mode, bool tried,
                        events::site where) noexcept {
  events::observer* const o = events::listening();
  if (o == nullptr) [[likely]]
    return;
  if (o != events::installed()) return note_taken_here(lock, mode, where);
  goroutine* const self = acting_now();
  if (self == nullptr) return;
  if (stands_in_for_atomics(where.pc)) return;
  count_lock_taken();
  address_object& object = object_at(lock, kind);
  if (kind == events::object_kind::pthread_mutex) return o->on_mutex_locked(*self, object, tried, where);
  o->on_acquired(*self, object, writer_part, where);
  if (mode == events::lock_mode::exclusive && kind == events::object_kind::pthread_rwlock) {
    o->on_acquired(*self, object, reader_part, where);
    object.writer = self;
  }
  o->on_lock_owned(*self, object, mode, tried, where);
}

// Before it is free for others.
inline void tell_unlocking(const void* lock, events::object_kind kind, events::lock_mode mode,
                           events::site where) noexcept {
  events::observer* const o = events::listening();
  if (o == nullptr) [[likely]]
    return;
  if (o != events::installed()) {
    // (Which of its two modes a rwlock is held in, only the list knows.)
    if (note_let_go_here(lock, mode) ||
        (kind == events::object_kind::pthread_rwlock && note_let_go_here(lock, events::lock_mode::shared)))
      return;
    return o->on_lock_disowned(*acting_now(), object_at(lock, kind), mode, where);
  }
  goroutine* const self = acting_now();
  if (self == nullptr) return;
  if (stands_in_for_atomics(where.pc)) return;
  address_object& object = object_at(lock, kind);
  if (kind == events::object_kind::pthread_mutex) return o->on_mutex_unlocking(*self, object, where);
  if (kind == events::object_kind::pthread_rwlock)
    mode = object.writer == self ? events::lock_mode::exclusive : events::lock_mode::shared;
  o->on_lock_disowned(*self, object, mode, where);
  if (mode == events::lock_mode::exclusive) {
    object.writer = nullptr;
    o->on_released(*self, object, writer_part, where);
  } else {
    o->on_released_merging(*self, object, reader_part, where);
  }
}

// `timed`: until a deadline at most. `word`: see events::wait_target.
inline void tell_blocked(goroutine& self, const void* on, events::object_kind kind,
                         events::wait_operation operation, wait_reason reason, events::site where,
                         bool timed = false, const void* word = nullptr) noexcept {
  events::observer* const o = events::listening();
  if (o == nullptr) [[likely]]
    return;
  const events::wait_target targets[] = {{&object_at(on, kind), operation, nullptr, word},
                                         {nullptr, events::wait_operation::sleep}};
  if (timed)
    o->on_blocked(self, reason, events::wait_mode::any_of, targets, where);
  else
    o->on_blocked(self, reason, events::wait_mode::all_of, std::span(targets, 1), where);
}

// While it is there, a thread waits, not in the parking lot. (A cancellation unwinds it.)
class told_wait {
 public:
  told_wait(goroutine& self, const void* on, events::object_kind kind, events::wait_operation operation,
            wait_reason reason, events::site where, bool timed, const void* word = nullptr) noexcept
      : self_(self) {
    tell_blocked(self, on, kind, operation, reason, where, timed, word);
  }
  ~told_wait() {
    const int saved = errno;
    if (events::observer* o = events::listening()) o->on_unblocked(self_, nullptr);
    errno = saved;
  }
  told_wait(const told_wait&) = delete;

 private:
  goroutine& self_;
};

// A thread calls `real`, which waits as an observer is told.
template <class Real>
auto wait_told(const void* on, events::object_kind kind, events::wait_operation operation, wait_reason reason,
               bool timed, events::site where, Real real, const void* word = nullptr) {
  goroutine* const self = events::listening() != nullptr ? acting_now() : nullptr;
  if (self == nullptr) return real();
  const told_wait waits(*self, on, kind, operation, reason, where, timed, word);
  return real();
}

// `real` may wait for what lies at `on`, in the kernel, until somebody wakes it there, or at `word`.
template <class Real>
auto wait_in_library(const void* on, events::object_kind kind, bool timed, events::site where, Real real,
                     const void* word = nullptr) {
  return wait_told(on, kind, events::wait_operation::wait, wait_reason::foreign, timed, where, real, word);
}

inline void tell_acquired(const void* object, events::object_kind kind, events::site where) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]]
    if (goroutine* const self = acting_now()) o->on_acquired(*self, object_at(object, kind), 0, where);
}

inline void tell_released_merging(const void* object, events::object_kind kind, events::site where) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]]
    if (goroutine* const self = acting_now())
      o->on_released_merging(*self, object_at(object, kind), 0, where);
}

}  // namespace snag::detail
