// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/worker.h"

#include <cxxabi.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "runtime/src/check.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/scheduler_core.h"

namespace snag::detail {
namespace {

void recycle_ended(void* ended) noexcept {
  auto& g = *static_cast<goroutine*>(ended);
  this_worker()->recycle(g);
}

}  // namespace

extern "C" {
constinit thread_local worker* snag_bound_worker = nullptr;
constinit thread_local goroutine* snag_running_goroutine = nullptr;
}

struct worker::departure {
  worker* self;
  goroutine* left;  // null: the scheduler's stack
  commit_function commit;
  void* argument;
  // Kept on the stack that was left, since nobody else needs it.
  exception_state exceptions{};
  int error = 0;
};

worker* worker::bind_thread() noexcept {
  worker* previous = this_worker();
  snag_bound_worker = this;
  thread_running_ = &snag_running_goroutine;
  *thread_running_ = running();
  asm volatile("" ::: "memory");  // this_worker() does not look like a read of it
  thread_exceptions_ = reinterpret_cast<exception_state*>(abi::__cxa_get_globals());
  thread_errno_ = &errno;
  return previous;
}

void worker::unbind_thread(worker* previous) noexcept {
  snag_bound_worker = previous;
  snag_running_goroutine = previous != nullptr ? previous->running() : nullptr;
  asm volatile("" ::: "memory");
}

// Stacks lie at multiples of large powers of two, so their upper ends, where parked goroutines keep all they
// have, would compete for the same few sets of every cache, and their pages for the same few sets of the TLB.
// They start at different offsets instead: at one of 16 lines of a page, and of a large stack at one of up to
// 128 pages of its upper sixteenth.
events::stack_bounds coloured(events::stack_bounds bounds) noexcept {
  constexpr std::size_t line = 64, page = 4096, most_pages = 128;
  const std::uint64_t hash = reinterpret_cast<std::uintptr_t>(bounds.high) * 0x9e3779b97f4a7c15;
  const auto size = static_cast<std::size_t>(bounds.high - bounds.low);
  const std::size_t pages = std::clamp(size / 16 / page, std::size_t{1}, most_pages);
  bounds.high -= (hash >> 60) * line + (hash >> 40) % pages * page;
  return bounds;
}

void worker::start(goroutine& fresh) noexcept {
  if (!fresh.stack) fresh.stack = take_stack(fresh.stack_wish == 0 ? 0 : std::size_t{1} << fresh.stack_wish);
  const fp_control inherited = fresh.floating_point;
  fresh.context = make_context(coloured(fresh.stack.bounds()), first_entry);
  fresh.started = true;
  set_fp_control(fresh.context, inherited);
}

[[gnu::always_inline]] inline void worker::enter(goroutine* next, departure& leaving,
                                                 bool for_good) noexcept {
  tick.store(tick.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  leaving.exceptions = *thread_exceptions_;
  leaving.error = *thread_errno_;
  set_running(next);
  if (next != nullptr && !next->started) start(*next);
  void* const to = next != nullptr ? next->context : scheduler_context_;
  if (for_good) jump_for_good(to, &leaving);
  arrive(jump(to, &leaving));
  this_worker()->set_thread_state(leaving.exceptions, leaving.error);  // perhaps another worker than before
}

void worker::arrive(arrival arrived) noexcept {
  const departure left = *static_cast<departure*>(arrived.passed);
  (left.left != nullptr ? left.left->context : left.self->scheduler_context_) = arrived.left;
  if (events::observer* o = events::listening()) [[unlikely]]
    o->on_switched(left.left, left.self->running());
  if (left.commit != nullptr) left.commit(left.argument);
}

void worker::arrive_at_scheduler(arrival arrived) noexcept {
  arrive(arrived);
  this_worker()->set_thread_state({}, 0);
}

void worker::leave(goroutine* next, commit_function commit, void* argument) noexcept {
  departure leaving{this, running(), commit, argument};
  enter(next, leaving);
}

// (A sanitizer takes the locals of the one that leaves for good away before `leaving` is read.)
SNAG_UNSANITIZED void worker::leave_ended(goroutine* next) noexcept {
  departure leaving{this, running(), recycle_ended, running()};
  enter(next, leaving, /*for_good=*/true);
  __builtin_unreachable();
}

void worker::run(goroutine& next) noexcept {
  departure leaving{this, nullptr, nullptr, nullptr};
  enter(&next, leaving);
}

void worker::first_entry(arrival arrived) noexcept {
  asm volatile(".cfi_undefined rip");  // nobody called it: unwinders and debuggers stop here
  arrive(arrived);
  for (;;) {
    this_worker()->set_thread_state({}, 0);
    goroutine* self = this_worker()->running();
    run_goroutine(*self);
    worker* here = this_worker();
    goroutine* next = here->ends_thread ? nullptr : here->home_.next(*here, self);
    if (next == nullptr || next->started || next->stack_wish != self->stack_wish || resting_stacks() != 0)
      here->leave_ended(next);
    // A goroutine that has not started takes over this stack, which is still in the cache: no switch at all.
    here->succeed(*self, *next);
  }
}

void worker::succeed(goroutine& ended, goroutine& fresh) noexcept {
  tick.store(tick.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  fresh.stack = std::exchange(ended.stack, {});
  load_fp_control(fresh.floating_point);
  fresh.context = ended.context;  // of the past; a dump may look at it
  fresh.started = true;
  set_running(&fresh);
  if (events::observer* o = events::listening()) [[unlikely]]
    o->on_switched(&ended, &fresh);
  recycle(ended);
}

void worker::recycle(goroutine& ended) noexcept {
  if (ended.stack) {
    SNAG_CHECK(stack_arena::instance().intact(ended.stack), "a goroutine wrote below its stack");
    forget_context(ended.context);
    put_stack(std::exchange(ended.stack, {}));
  }
  goroutine_table::retire(ended);
  this->ended.store(this->ended.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  alive.store(alive.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  ended.queue_next = std::exchange(blocks_, &ended);
  if (++block_count_ < cached_blocks) return;
  goroutine* last = &ended;
  for (; block_count_ > cached_blocks / 2; --block_count_)
    if (block_count_ > cached_blocks / 2 + 1) last = last->queue_next;
  goroutine* first = std::exchange(blocks_, last->queue_next);
  goroutine_table::instance().release_batch(first, last);
}

goroutine* worker::take_block() noexcept {
  if (blocks_ == nullptr) {
    blocks_ = goroutine_table::instance().allocate_batch(cached_blocks / 2);
    for (goroutine* g = blocks_; g != nullptr; g = g->queue_next) ++block_count_;
  }
  --block_count_;
  return goroutine_table::revive(std::exchange(blocks_, blocks_->queue_next));
}

stack_block worker::take_stack(std::size_t bytes) noexcept {
  if (bytes != 0) return stack_arena::instance().allocate(bytes);
  if (stack_count_ <= resting_stacks()) {
    if (stack_count_ > 0) return stack_arena::instance().allocate(0);
    stack_count_ = stack_arena::instance().allocate_batch(stacks_, cached_stacks / 2);
  }
  return stacks_[--stack_count_];
}

void worker::put_stack(stack_block stack) noexcept {
  if (!stack_arena::is_default(stack)) return stack_arena::instance().release(stack);
  if (resting_stacks() != 0) {  // to the other end
    if (stack_count_ == cached_stacks) {
      stack_count_ = cached_stacks / 2;
      stack_arena::instance().release_batch(stacks_ + stack_count_, cached_stacks - stack_count_);
    }
    std::copy_backward(stacks_, stacks_ + stack_count_, stacks_ + stack_count_ + 1);
    stacks_[0] = stack;
    ++stack_count_;
    return;
  }
  if (stack_count_ == cached_stacks) {
    // The oldest go: they are the coldest.
    stack_arena::instance().release_batch(stacks_, cached_stacks / 2);
    std::copy(stacks_ + cached_stacks / 2, stacks_ + cached_stacks, stacks_);
    stack_count_ = cached_stacks / 2;
  }
  stacks_[stack_count_++] = stack;
}

worker::~worker() {
  if (stack_count_ > 0) stack_arena::instance().release_batch(stacks_, stack_count_);
  while (blocks_ != nullptr) goroutine_table::instance().release(std::exchange(blocks_, blocks_->queue_next));
}

void worker::set_scheduler_stack(events::stack_bounds bounds, void (*entry)(arrival)) noexcept {
  scheduler_context_ = make_context(bounds, entry);
}

}  // namespace snag::detail
