// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/holdings.h"

#include <atomic>

#include "runtime/src/object.h"
#include "runtime/src/posix/parking_lot.h"
#include "runtime/src/scheduler.h"

namespace snag::detail {
namespace {

using events::holding;
using events::holdings;
using events::lock_mode;

std::uintptr_t key(const void* lock, lock_mode mode) noexcept {
  return reinterpret_cast<std::uintptr_t>(lock) | static_cast<std::uintptr_t>(mode == lock_mode::shared);
}

// A frame of code that may keep no frame pointers: what its register holds need not be one, unless it points
// a little above the end of its callee's frame.
struct frame_view {
  const void* pc;  // in its code
  std::uintptr_t low, pointer;
};
frame_view caller_of(const void* const* frame) noexcept {
  return {frame[1], reinterpret_cast<std::uintptr_t>(frame + 2), reinterpret_cast<std::uintptr_t>(frame[0])};
}

// Bytes of the frame of a wrapper such as std::lock_guard's constructor, which is given one or two pointers;
// without optimisation, with what it has inlined of ours.
constexpr std::uintptr_t small_frame = 48, unoptimised_frame = 512;

[[gnu::always_inline]] inline void take(goroutine& self, std::uintptr_t lock, frame_view f,
                                        std::uintptr_t largest) noexcept {
  auto* const h = static_cast<holdings*>(self.slot.state);
  if (h == nullptr) [[unlikely]]
    return;
  if (h->next == h->limit) [[unlikely]] {
    events::listening()->on_holdings_full(self);
    if (h->next == h->limit) return;
  }
  holding& taken = *h->next;
  taken.lock = lock;
  taken.places[0] = f.pc;
  std::size_t n = 1;
  for (; n < holding::most_places && f.pointer - f.low <= largest && f.pointer % alignof(void*) == 0; ++n) {
    f = caller_of(reinterpret_cast<const void* const*>(f.pointer));
    taken.places[n] = f.pc;
  }
  if (n < holding::most_places) taken.places[n] = nullptr;
  std::atomic_signal_fence(std::memory_order_release);
  h->next = &taken + 1;
}

[[gnu::always_inline]] inline bool let_go(goroutine& self, std::uintptr_t lock) noexcept {
  auto* const h = static_cast<holdings*>(self.slot.state);
  if (h == nullptr) [[unlikely]]
    return true;
  if (h->next != h->first && h->next[-1].lock == lock) [[likely]] {
    --h->next;
    return true;
  }
  for (holding* at = h->next; at-- != h->first;) {
    if (at->lock != lock) continue;
    // (Twice in the list for a moment is no harm, missing would be.)
    holding* const last = h->next - 1;
    for (; at != last; ++at) *at = at[1];
    std::atomic_signal_fence(std::memory_order_release);
    h->next = last;
    return true;
  }
  return false;
}

[[gnu::noinline]] void tell_let_go(void* lock, lock_mode mode, events::site where) noexcept {
  events::listening()->on_lock_disowned(current(), as_object(*static_cast<object_header*>(lock)), mode,
                                        where);
}

}  // namespace

namespace {

[[gnu::always_inline]] inline void take_for(goroutine& self, const void* lock, lock_mode mode,
                                            events::site where) noexcept {
  const auto* frame = static_cast<const void* const*>(__builtin_frame_address(0));
  constexpr int most_of_ours = 8;
  for (int i = 0; i < most_of_ours && frame[1] != where.pc; ++i)
    frame = static_cast<const void* const*>(frame[0]);
  frame_view f = caller_of(frame);
  if (f.pc != where.pc) f = {where.pc, 0, ~std::uintptr_t{0}};
  take(self, key(lock, mode), f, small_frame);
}

[[gnu::always_inline]] inline goroutine* actor_here() noexcept {
  goroutine* const self = running_goroutine();
  return self != nullptr ? self : acting_now();
}

}  // namespace

void note_taken_by(goroutine& self, const void* lock, lock_mode mode, events::site where) noexcept {
  take_for(self, lock, mode, where);
}

void note_taken_here(const void* lock, lock_mode mode, events::site where) noexcept {
  if (goroutine* const self = actor_here()) take_for(*self, lock, mode, where);
}

bool note_let_go_here(const void* lock, lock_mode mode) noexcept {
  goroutine* const self = actor_here();
  return self == nullptr || let_go(*self, key(lock, mode));
}

bool note_let_go_by(goroutine& self, const void* lock, lock_mode mode) noexcept {
  return let_go(self, key(lock, mode));
}

// What is inline in the user's code calls these. All that is not the usual case is a function of its own, to
// which they jump: so they save no register, and the stores that the next atomic operation has to wait for
// are the list's alone.

namespace {

[[gnu::noinline]] void take_slowly(std::uintptr_t lock, std::uintptr_t largest) noexcept {
  take(current(), lock, caller_of(static_cast<const void* const*>(__builtin_frame_address(0))), largest);
}

[[gnu::noinline]] void let_go_slowly(std::uintptr_t lock) noexcept {
  const auto mode = (lock & 1) != 0 ? lock_mode::shared : lock_mode::exclusive;
  if (!let_go(current(), lock))
    tell_let_go(reinterpret_cast<void*>(lock & ~std::uintptr_t{1}), mode, {__builtin_return_address(0)});
}

[[gnu::always_inline]] inline void take_quickly(std::uintptr_t lock, bool wrappers_inline,
                                                const void* pc) noexcept {
  const goroutine* const self = running_goroutine();
  auto* const h = self != nullptr ? static_cast<holdings*>(self->slot.state) : nullptr;
  if (h == nullptr || h->next == h->limit || !wrappers_inline) [[unlikely]]
    return take_slowly(lock, wrappers_inline ? 0 : unoptimised_frame);
  holding& taken = *h->next;
  taken.lock = lock;
  taken.places[0] = pc;
  taken.places[1] = nullptr;
  std::atomic_signal_fence(std::memory_order_release);
  h->next = &taken + 1;
}

[[gnu::always_inline]] inline void let_go_quickly(std::uintptr_t lock) noexcept {
  const goroutine* const self = running_goroutine();
  auto* const h = self != nullptr ? static_cast<holdings*>(self->slot.state) : nullptr;
  if (h == nullptr || h->next == h->first || h->next[-1].lock != lock) [[unlikely]]
    return let_go_slowly(lock);
  --h->next;
}

}  // namespace

void note_taken(const void* lock, bool wrappers_inline) noexcept {
  take_quickly(key(lock, lock_mode::exclusive), wrappers_inline, __builtin_return_address(0));
}
void note_taken_for_reading(const void* lock, bool wrappers_inline) noexcept {
  take_quickly(key(lock, lock_mode::shared), wrappers_inline, __builtin_return_address(0));
}
void note_letting_go(void* lock) noexcept { let_go_quickly(key(lock, lock_mode::exclusive)); }
void note_letting_go_for_reading(void* lock) noexcept { let_go_quickly(key(lock, lock_mode::shared)); }

}  // namespace snag::detail
