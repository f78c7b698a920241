// SPDX-License-Identifier: Apache-2.0
#pragma once
// How hooks and interposers come into the core: which thread, which actor, where on its stack. Inlined into
// each entry point, so that the frame address is the entry point's own.
#include "detector/src/on_record.h"
#include "detector/src/shadow_access.h"
#include "detector/src/world.h"

namespace snag::detector {

// The actor of a thread that nobody told us of; pre: inside the core.
void invent_actor(thread_state&) noexcept;

// Inside the core, with an actor; else the access is skipped, and counted. `of_hook`: entered by a hook
// itself.
class entry_scope {
 public:
  explicit entry_scope(thread_state& t, bool of_hook = true) noexcept
      : t_(t), of_hook_(of_hook), entered_(world.enter(t)) {
    if (!entered_) [[unlikely]] {
      if (t.internal_scopes == 0) ++t.skipped_inside;
      return;
    }
    if (!t.actor) [[unlikely]]
      entered_ = find_actor(t);
  }
  ~entry_scope() {
    if (entered_) world.leave(t_, of_hook_);
  }
  entry_scope(const entry_scope&) = delete;
  explicit operator bool() const noexcept { return entered_; }

 private:
  static bool find_actor(thread_state&) noexcept;  // false: there is none, and the thread is outside again

  thread_state& t_;
  const bool of_hook_;
  bool entered_;
};

// The part of the running actor's stack above `stack_pointer`.
inline stack_window live_stack(const actor_state& a, const void* stack_pointer) noexcept {
  const auto sp = reinterpret_cast<std::uintptr_t>(stack_pointer);
  if (a.stack.high != 0 && sp >= a.stack.low && sp < a.stack.high) [[likely]]
    return {sp, a.stack.high};
  if (a.stack.high != 0) return a.stack;  // on an alternate signal stack: frames are on the actor's own
  return {sp, sp + (std::uintptr_t{1} << 30)};
}

inline hooks::frame* top_frame(thread_state& t, stack_window w) noexcept {
  hooks::frame* const top = valid_top(t.calls, t.hot.top, w);
  if (!top && t.hot.top) ++t.stale_frames;
  return top;
}

// Where the function is that called a hook at `s`. Most frames are met many times: the one that was found
// trustworthy last is so as long as the same actor runs, it is above the stack pointer, and it says the same.
place placed_anew(thread_state&, const hooks::site* s, const void* stack_pointer) noexcept;
[[gnu::always_inline]] inline place place_at(thread_state& t, const hooks::site* s,
                                             const void* stack_pointer) noexcept {
  const hooks::frame* const top = t.hot.top;
  if (top == t.trusted.frame && top >= stack_pointer && s != nullptr && s->id != 0) [[likely]] {
    const context_id context{top->context};
    const bool same = context == t.trusted.context && (context != context_id::root || top->caller == nullptr);
    const bool leaf = (s->flags & hooks::site_leaf) != 0;
    if (same && (!leaf || top->call == t.trusted.call))
      return {site_id{s->id}, leaf ? t.trusted.callee : context};
  }
  return placed_anew(t, s, stack_pointer);
}

// What a report says of an access's size. A loop's range is told as the element that the site accesses.
inline std::uint32_t size_told(const hooks::site* s, std::size_t bytes) noexcept {
  const bool of_element = s && s->size != 0 && s->kind <= hooks::site_kind::write;
  const std::size_t size = of_element ? s->size : bytes;
  return static_cast<std::uint32_t>(size < access_record::max_size ? size : access_record::max_size);
}

// The whole path of a plain access, from hook to report.
inline void plain_access(thread_state& t, access_kind kind, std::uint64_t address, std::size_t bytes,
                         const hooks::site* s, const void* stack_pointer) noexcept {
  if (on_record(t, kind, address, bytes)) return;
  const access a{*t.actor, kind, size_told(s, bytes), place_at(t, s, stack_pointer)};
  check_and_record(t, a, address, bytes);
  if (!t.hits.empty()) [[unlikely]]
    tell_races(t, a);
}

}  // namespace snag::detector
