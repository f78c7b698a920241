// SPDX-License-Identifier: Apache-2.0
#include "detector/src/deadlock_mode/observer.h"

#include <utility>

#include "detector/src/deadlock_mode/native_places.h"
#include "detector/src/deadlock_mode/object_places.h"
#include "detector/src/deadlock_mode/waiting_party.h"
#include "detector/src/liveness/abandoned.h"
#include "detector/src/liveness/blocked.h"
#include "detector/src/liveness/check.h"
#include "detector/src/liveness/scope_end.h"
#include "detector/src/liveness/watch.h"
#include "detector/src/mapped_memory.h"
#include "detector/src/object_kinds.h"
#include "detector/src/race.h"
#include "detector/src/world.h"

namespace snag::detector {

using events::actor;
using events::actor_kind;
using events::object;

namespace {

struct event {
  thread_state& t = this_thread();
  const core_scope scope{t};
};

// The calling actor's stack from here up.
stack_window stack_from(const waiting_party* p, const void* frame) noexcept {
  const auto here = reinterpret_cast<std::uintptr_t>(frame);
  if (p != nullptr && here >= p->stack.low && here < p->stack.high) return {here, p->stack.high};
  return {here, here + 4096};  // on a stack that we were not told of: not far
}

// Where the user's code called the operation that `where` says, with what led there.
place place_of_call(const waiting_party* self, const void* frame, events::site where) noexcept {
  if (where.pc == nullptr) return {};
  native_frame f = caller_of(frame);
  const stack_window stack = stack_from(self, frame);
  if (step_out_to(f, where.pc, stack)) return place_of_frames(f, stack);
  return place_of_addresses(&where.pc, 1);
}

void enter_thread(thread_state& t, waiting_party& p) noexcept {
  t.runs_actors = true;
  t.acts = &p;
  p.mounted = &t;
}

void leave_thread(thread_state& t) noexcept {
  if (t.acts != nullptr) t.acts->mounted = nullptr;
  t.acts = nullptr;
}

// Only who holds a lock can close a cycle of locks by waiting for another.
occasion occasion_of(const waiting_party& self, std::span<const events::wait_target> on, bool& any) noexcept {
  any = self.first != self.next && on.size() == 1 && on[0].on != nullptr && is_owned(on[0].on->kind);
  if (!any) return occasion::blocked;
  const auto address = reinterpret_cast<std::uintptr_t>(events::address_of(*on[0].on));
  for (const events::holding* h = self.first; h != self.next; ++h)
    if ((h->lock & ~std::uintptr_t{1}) == address) return occasion::hopeless;
  return occasion::blocked;
}

}  // namespace

wait_observer& the_wait_observer() noexcept {
  static constinit wait_observer observer;
  return observer;
}

void wait_observer::on_created(actor& child, actor* parent, events::site where) {
  if (parent != nullptr && child.kind != events::actor_kind::thread) note_goroutine();
  if (child.kind == actor_kind::timer) return;
  if (parent != nullptr) watch_for_deadlocks(is_programs_thread(child, where));
  event e;
  internal_delete(party_of(child));  // nobody has told of its end
  auto* const p = ::new (internal_allocate(sizeof(waiting_party))) waiting_party(child);
  child.slot.state = static_cast<events::holdings*>(p);
  if (parent == nullptr) return;
  p->parent = parent->id;
  p->created = place_of_call(static_cast<const waiting_party*>(e.t.acts), __builtin_frame_address(0), where);
  // (Threads that nobody called for are the runtime's.)
  waiting_party* const its_parent = parent->kind == actor_kind::timer ? nullptr : party_of(*parent);
  if (its_parent != nullptr && (child.kind != actor_kind::thread || where.pc != nullptr))
    join_scope(*p, *its_parent);
}

void wait_observer::on_started(actor& a, events::stack_bounds stack) {
  event e;
  waiting_party* const p = party_of(a);
  if (p == nullptr) return;
  p->stack = {reinterpret_cast<std::uintptr_t>(stack.low), reinterpret_cast<std::uintptr_t>(stack.high)};
  if (e.t.acts == p) return;
  leave_thread(e.t);
  enter_thread(e.t, *p);
}

void wait_observer::on_ended(actor& a, events::stack_bounds) {
  bool thread_ends_here = false;
  event e;
  waiting_party* const p = party_of(a);
  if (p == nullptr || a.id == events::goroutine_id::main)
    return;  // (static destructors still run in its name)
  if (p->first != p->next) {
    remember_ended(*p);
    for (const events::holding* h = p->first; h != p->next; ++h)
      note_abandoned(p->id, {h->lock & ~std::uintptr_t{1}, place_of_holding(*h), events::object_kind::other,
                             (h->lock & 1) != 0 ? events::lock_mode::shared : events::lock_mode::exclusive});
  }
  count_wait_events(16);  // (what it held, or had, may have been the last)
  thread_ends_here = a.kind == actor_kind::thread && e.t.acts == p;
  if (e.t.acts == p) leave_thread(e.t);
  a.slot.state = nullptr;
  blocked::drop(p->waits);
  internal_delete(p);
  if (!thread_ends_here) return;
  thread_ended();
  retire(e.t);
}

void wait_observer::on_switched(actor*, actor* to) {
  event e;
  waiting_party* const next = to != nullptr ? party_of(*to) : nullptr;
  if (e.t.acts == next) return;
  leave_thread(e.t);
  if (next != nullptr) enter_thread(e.t, *next);
}

void wait_observer::on_blocked(actor& self, events::wait_reason reason, events::wait_mode mode,
                               std::span<const events::wait_target> on, events::site where) {
  bool may_close_cycle = false;
  occasion why;
  {
    event e;
    waiting_party* const p = party_of(self);
    if (p == nullptr) return;
    blocked::drop(p->waits);
    blocked* const b = blocked::make(reason, mode, on, {}, where);
    native_frame f = caller_of(__builtin_frame_address(0));
    if (step_out_to(f, where.pc, stack_from(p, __builtin_frame_address(0))))
      b->users_part = f.sp, b->users_frame = f.bp;
    p->waits = b;
    why = occasion_of(*p, on, may_close_cycle);
  }
  if (may_close_cycle) [[unlikely]]
    look_for_deadlocks(why);
}

void wait_observer::on_unblocked(actor& self, actor*) {
  event e;
  if (waiting_party* const p = party_of(self)) blocked::drop(std::exchange(p->waits, nullptr));
}

void wait_observer::on_lull(events::lull why) { look_for_deadlocks_in_lull(why); }

void wait_observer::on_search_wanted(const std::byte* stack_pointer, events::site interrupted) {
  look_for_deadlocks_from(stack_pointer, interrupted.pc);
}

void wait_observer::on_scope_opened(actor& self, events::scope& scope, events::site where) {
  event e;
  waiting_party* const p = party_of(self);
  if (p != nullptr) open_scope(*p, scope, place_of_call(p, __builtin_frame_address(0), where));
}

events::scope_rest wait_observer::on_scope_asked(actor&, events::scope& scope) {
  if (scope.slot.state == nullptr) return events::scope_rest::none;
  return rest_of(*static_cast<scope_record*>(scope.slot.state));
}

void wait_observer::on_scope_closed(actor& self, events::scope& scope,
                                    void (*tell)(void*, const events::scope_finding&), void* to) {
  if (scope.slot.state != nullptr) close_scope(*party_of(self), scope, tell, to);
}

// By somebody who does not hold it: whoever took it still has it in its list.
void wait_observer::on_lock_disowned(actor&, object& lock, events::lock_mode, events::site) {
  event e;
  const auto address = reinterpret_cast<std::uintptr_t>(events::address_of(lock));
  note_let_go_by_another(address);
  forget_abandoned(address);
}

void wait_observer::on_holdings_full(actor& self) {
  event e;
  if (waiting_party* const p = party_of(self)) p->make_room();
}

void wait_observer::on_object_created(object& o, actor* creator, std::size_t, events::site where) {
  if (o.is_proxy || creator == nullptr) return;
  event e;
  keep_place(o,
             place_of_call(static_cast<const waiting_party*>(e.t.acts), __builtin_frame_address(0), where));
}

void wait_observer::on_object_destroyed(object& o) {
  forget_abandoned(reinterpret_cast<std::uint64_t>(events::address_of(o)));
}

void wait_observer::on_stacks_mapped(std::byte* low, std::byte* high) {
  event e;
  program_mappings.unmapped(reinterpret_cast<std::uintptr_t>(low), reinterpret_cast<std::uintptr_t>(high));
}

int wait_observer::on_exit(int status) { return finalize(status); }

}  // namespace snag::detector
