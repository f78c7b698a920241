// SPDX-License-Identifier: Apache-2.0
// A goroutine's life: made by go(), run around its closure, ended by return, goexit() or a panic.
#include "snag/go.h"

#include <bit>
#include <utility>

#include <cxxabi.h>

#include "runtime/src/bubble.h"
#include "runtime/src/closure.h"
#include "runtime/src/fatal.h"
#include "runtime/src/goexit.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/os_thread.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/throw_site.h"

namespace snag::detail {
namespace {

void* allocate_closure(std::size_t size, std::size_t alignment) {
  return alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__ ? ::operator new(size, std::align_val_t(alignment))
                                                      : ::operator new(size);
}

void free_closure(goroutine& g) noexcept {
  if (!g.own_closure) return;
  if (const std::size_t alignment = std::size_t{1} << g.closure_alignment;
      alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__)
    ::operator delete(g.closure(), std::align_val_t(alignment));
  else
    ::operator delete(g.closure());
  g.own_closure = false;
}

}  // namespace

pending_goroutine begin_go(const go_options& options, std::size_t size, std::size_t alignment) {
  schedule_point();
  goroutine& g = make_goroutine({options.name, options.stack_size}, &current(), nullptr);
  // An observer follows the user's objects from allocation to release, and block memory is reused without
  // either: under one, closures live in the user's heap.
  const bool fits = size <= goroutine::inline_closure && alignment <= alignof(std::max_align_t);
  if (fits && events::installed() == nullptr) {
    g.closure_is_here = true;
  } else {
    g.set_closure_elsewhere(allocate_closure(size, alignment));
    g.closure_alignment = static_cast<std::uint8_t>(std::countr_zero(alignment));
    g.own_closure = true;
  }
  return {&g, g.closure()};
}

void commit_go(pending_goroutine pending, void (*run)(void*), const void* pc) noexcept {
  auto& g = *static_cast<goroutine*>(pending.block);
  g.run = run;
  g.created_at = pc;
  launch(g, &current());
}

void abandon_go(pending_goroutine pending) noexcept {
  auto& g = *static_cast<goroutine*>(pending.block);
  free_closure(g);
  goroutine_table::retire(g);
  goroutine_table::instance().release(&g);
}

void go_of_nil() noexcept { fatal("go of nil func value", true); }

void run_goroutine(goroutine& self) noexcept {
  if (events::observer* o = events::listening()) [[unlikely]]
    o->on_started(self, self.stack.bounds());
  try {
    self.run(self.closure());
  } catch (abi::__forced_unwind&) {
    end_goexit(self);
  } catch (...) {
    die_of_exception(self);
  }
  free_closure(self);
  forget_throws(self);
  if (self.thread_locks != 0) [[unlikely]]
    end_locked(self);
  if (self.in_bubble != nullptr) [[unlikely]]
    self.in_bubble->ended(self);
  if (events::observer* o = events::listening()) [[unlikely]] {
    if (self.home->ends != nullptr && o == events::installed())
      o->on_released_merging(self, *self.home->ends, 0, {});
    o->on_ended(self, self.stack.bounds());
  }
}

}  // namespace snag::detail
