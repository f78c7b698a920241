// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/context_core.h"

#include <utility>

namespace snag::detail {

// --- Any context -------------------------------------------------------------------------------------------

context_core::context_core(context_core* parent) noexcept : parent_(parent), canceller_(nullptr) {
  if (parent == nullptr) return;
  parent->gain();
  canceller_ = parent->canceller_;
  has_deadline_ = parent->has_deadline_;
  deadline_ = parent->deadline_;
}

bool context_core::try_gain() noexcept {
  std::size_t seen = references_.load(std::memory_order_relaxed);
  while (seen != 0) {
    if (references_.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

// A long chain of parents ends in a loop, not in a recursion.
void context_core::lose() noexcept {
  context_core* at = this;
  while (at != nullptr && at->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    context_core* const parent = at->parent_;
    if (events::observer* o = events::installed()) [[unlikely]]
      o->on_object_destroyed(at->object_);
    delete at;
    at = parent;
  }
}

void context_core::announce(events::site where) noexcept {
  if (events::observer* o = events::listening()) [[unlikely]]
    o->on_object_created(object_, &current(), 0, where);
}

const void* context_core::find(const void* key) const noexcept {
  for (const context_core* at = this; at != nullptr; at = at->parent_) {
    if (const void* found = at->own_value(key)) return found;
  }
  return nullptr;
}

// --- Those that can be cancelled ---------------------------------------------------------------------------

cancel_context_core::cancel_context_core(context_core* parent) : context_core(parent), above_(canceller_) {
  canceller_ = this;
}

void cancel_context_core::tell_acquired(events::site where) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_acquired(current(), object(), 0, where);
}

error cancel_context_core::err(events::site where) noexcept {
  const spin_lock lock(guard_);
  if (error_) tell_acquired(where);
  return error_;
}

error cancel_context_core::cause(events::site where) noexcept {
  const spin_lock lock(guard_);
  if (error_) tell_acquired(where);
  return cause_;
}

std::size_t cancel_context_core::children() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  const spin_lock lock(guard_);
  std::size_t n = 0;
  for (const cancel_context_core* c = children_; c != nullptr; c = c->next_) ++n;
  return n;
}

// From here on a cancellation of the next one above reaches this one. If that has happened, it happens here.
void cancel_context_core::attach(events::site where) {
  if (above_ == nullptr) return;
  error err, cause;
  {
    const spin_lock lock(above_->guard_);
    if (!above_->error_) {
      next_ = above_->children_;
      if (next_ != nullptr) next_->previous_ = this;
      above_->children_ = this;
      attached_ = true;
      return;
    }
    above_->tell_acquired(where);
    err = above_->error_;
    cause = above_->cause_;
  }
  cancel(err, cause, where);
}

void cancel_context_core::unlink() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  attached_ = false;
  (previous_ != nullptr ? previous_->next_ : above_->children_) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  next_ = previous_ = nullptr;
}

void cancel_context_core::detach_from_above() noexcept {
  if (above_ == nullptr) return;
  const spin_lock lock(above_->guard_);
  if (attached_) unlink();
}

// Cancels this context and everything below, holding all their guards until the last is done, so that whoever
// else cancels one of them returns only then, too. A list, not a recursion: a tree may be deep.
void cancel_context_core::cancel(const error& err, const error& cause,
                                 events::site where) SNAG_NO_THREAD_SAFETY_ANALYSIS {
  wake_list woken;
  guard_.lock();
  if (error_) {
    guard_.unlock();
    return;
  }
  gain();
  cancel_context_core* last = this;
  for (cancel_context_core* at = this; at != nullptr; at = at->next_cancelled_) {
    at->error_ = err;
    at->cause_ = cause ? cause : err;
    if (events::observer* o = events::installed()) [[unlikely]]
      o->on_released(current(), at->object(), 0, where);
    if (at->has_done_.load(std::memory_order_relaxed)) at->close_done(where, woken);
    at->start_functions();
    while (cancel_context_core* child = at->children_) {
      child->guard_.lock();
      child->unlink();
      if (!child->error_ && child->try_gain()) {
        last = last->next_cancelled_ = child;
      } else {
        child->guard_.unlock();
      }
    }
  }
  for (cancel_context_core* at = this; at != nullptr;) {
    cancel_context_core* const next = std::exchange(at->next_cancelled_, nullptr);
    at->guard_.unlock();
    if (at == this) detach_from_above();
    at->finish_cancelled();
    at = next;
  }
  woken.ready_all();
}

recv_chan<void> cancel_context_core::done(events::site where) {
  if (!has_done_.load(std::memory_order_acquire)) {
    chan<void> made;  // before the lock: making one is a place where others may run
    wake_list nobody;
    const spin_lock lock(guard_);
    if (!has_done_.load(std::memory_order_relaxed)) {
      done_ = std::move(made);
      if (error_) {
        tell_acquired(where);
        close_done(where, nobody);
      }
      has_done_.store(true, std::memory_order_release);
    }
  }
  return done_;
}

void cancel_context_core::close_done(events::site where, wake_list& woken) noexcept {
  channel& c = *handle_access::core(done_);
  c.lock();
  c.close_as(nullptr, where, woken);
  c.unlock();
}

void cancel_context_core::start_functions() SNAG_NO_THREAD_SAFETY_ANALYSIS {
  while (context_function* f = functions_) {
    functions_ = f->next_;
    f->linked_ = false;
    f->start();
  }
  last_function_ = nullptr;
}

// Without locks. The deadline is moot; the reference is the one that cancel() took.
void cancel_context_core::finish_cancelled() noexcept {
  if (timer_core* const timer = deadline_timer_.exchange(nullptr, std::memory_order_acq_rel)) {
    timer->stop();
    timer->lose();
  }
  lose();
}

// As in Go, a deadline is a function's timer: cancelling runs in a goroutine of its own.
void cancel_context_core::set_deadline(clock::time_point deadline, error cause, events::site where) {
  struct expiry {
    cancel_context_core* on;
    error cause;
    const void* pc;
    ~expiry() { on->lose(); }
  };
  deadline_ = deadline;
  has_deadline_ = true;
  const nanoseconds left = until(deadline);
  if (left <= nanoseconds(0)) return cancel(context::deadline_exceeded, cause, where);
  gain();
  auto* const timer = make_function_timer(
      left,
      [](void* closure) {
        const auto& e = *static_cast<expiry*>(closure);
        e.on->cancel(context::deadline_exceeded, e.cause, {e.pc});
      },
      [](void* closure) noexcept { delete static_cast<expiry*>(closure); },
      new expiry{this, std::move(cause), where.pc});
  {
    const spin_lock lock(guard_);
    if (!error_) {
      deadline_timer_.store(timer, std::memory_order_release);
      return;
    }
  }
  timer->stop();  // cancelled meanwhile
  timer->lose();
}

// --- Functions to run after a cancellation
// -------------------------------------------------------------------

context_function::context_function(cancel_context_core* on, void (*run)(void*), erased_value closure) noexcept
    : on_(on), run_(run), closure_(closure) {
  if (on != nullptr) on->gain();
}

context_function::~context_function() {
  if (events::observer* o = events::installed(); o != nullptr && on_ != nullptr) [[unlikely]] {
    o->on_acquired(current(), object_, 0, {added_at_});
    o->on_object_destroyed(object_);
  }
  closure_.destroy(closure_.address);
  if (on_ != nullptr) on_->lose();
}

void context_function::lose() noexcept {
  if (events::observer* o = events::installed(); o != nullptr && on_ != nullptr) [[unlikely]]
    o->on_released_merging(current(), object_, 0, {added_at_});
  if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
}

void context_function::run_function(void* argument) {
  struct reference {
    context_function* held;
    ~reference() { held->lose(); }
  } const self{static_cast<context_function*>(argument)};
  // Who started this goroutine, a timer perhaps, knows nothing of who asked for it.
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_acquired(current(), self.held->object_, 0, {self.held->added_at_});
  self.held->run_(self.held->closure_.address);
}

void context_function::start() { spawn({}, &run_function, this, &current(), added_at_); }

void context_function::add(events::site where) {
  added_at_ = where.pc;
  if (on_ == nullptr) return;
  if (events::observer* o = events::installed()) [[unlikely]] {
    o->on_object_created(object_, &current(), 0, where);
    o->on_released_merging(current(), object_, 0, where);
  }
  gain();
  const spin_lock lock(on_->guard_);
  if (on_->error_) {
    on_->tell_acquired(where);
    start();
    return;
  }
  previous_ = on_->last_function_;
  (previous_ != nullptr ? previous_->next_ : on_->functions_) = this;
  on_->last_function_ = this;
  linked_ = true;
}

bool context_function::stop() {
  if (on_ == nullptr) return !taken_back_.exchange(true, std::memory_order_relaxed);
  {
    const spin_lock lock(on_->guard_);
    if (!linked_) return false;
    linked_ = false;
    (previous_ != nullptr ? previous_->next_ : on_->functions_) = next_;
    (next_ != nullptr ? next_->previous_ : on_->last_function_) = previous_;
  }
  lose();
  return true;
}

void context_canceler::lose(events::site where) noexcept {
  if (references_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  on_->cancel(context::canceled, {}, where);
  delete this;
}

}  // namespace snag::detail
