// SPDX-License-Identifier: Apache-2.0
#pragma once
// The tree behind context handles. A node keeps its parent alive; a node that can be cancelled is also
// linked, uncounted, from the nearest such node above, until either is cancelled. Thread-safe.
//
// Lock order: a node's guard before those below it, all of them before the locks of done channels.
#include <atomic>

#include "runtime/src/channel.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"
#include "runtime/src/timer.h"
#include "snag/context.h"

namespace snag::detail {

class cancel_context_core;

class context_core {
 public:
  explicit context_core(context_core* parent) noexcept;  // one reference for the caller
  context_core(const context_core&) = delete;

  void gain() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  bool try_gain() noexcept;  // false: it is being destroyed
  void lose() noexcept;
  void announce(events::site) noexcept;

  events::object& object() noexcept { return object_; }
  cancel_context_core* canceller() const noexcept { return canceller_; }  // what cancels it; null: nothing
  const clock::time_point* deadline() const noexcept { return has_deadline_ ? &deadline_ : nullptr; }
  const void* find(const void* key) const noexcept;

 protected:
  virtual ~context_core() = default;
  virtual const void* own_value(const void* key) const noexcept { return nullptr; }

  context_core* const parent_;
  cancel_context_core* canceller_;
  bool has_deadline_ = false;
  clock::time_point deadline_;

 private:
  events::object object_{.kind = events::object_kind::context};
  std::atomic<std::size_t> references_{1};
};

class value_context_core final : public context_core {
 public:
  value_context_core(context_core* parent, const void* key, erased_value value) noexcept
      : context_core(parent), key_(key), value_(value) {}

 private:
  ~value_context_core() override { value_.destroy(value_.address); }
  const void* own_value(const void* key) const noexcept override {
    return key == key_ ? value_.address : nullptr;
  }

  const void* const key_;
  const erased_value value_;
};

class uncancellable_context_core final : public context_core {
 public:
  explicit uncancellable_context_core(context_core* parent) noexcept : context_core(parent) {
    canceller_ = nullptr;
    has_deadline_ = false;
  }
};

// One context_after_func.
class context_function {
 public:
  context_function(cancel_context_core* on, void (*run)(void*), erased_value closure) noexcept;

  void gain() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void lose() noexcept;
  void add(events::site);
  bool stop();

 private:
  friend class cancel_context_core;
  ~context_function();
  void start();  // gives a reference to the goroutine
  static void run_function(void* self);

  std::atomic<std::uint32_t> references_{1};
  cancel_context_core* const on_;  // null: it will never run
  void (*const run_)(void*);
  const erased_value closure_;
  const void* added_at_ = nullptr;
  events::object object_;                // orders who asked, the function's run, and the end of its closure
  std::atomic<bool> taken_back_{false};  // without a context to cancel it
  // Under on_'s guard; linked means one reference.
  bool linked_ = false;
  context_function* next_ = nullptr;
  context_function* previous_ = nullptr;
};

class cancel_context_core final : public context_core {
 public:
  explicit cancel_context_core(context_core* parent);

  void attach(events::site);
  void set_deadline(clock::time_point, error cause, events::site);
  void cancel(const error& err, const error& cause, events::site);
  error err(events::site) noexcept;
  error cause(events::site) noexcept;
  recv_chan<void> done(events::site);
  std::size_t children() noexcept;  // that a cancellation would visit

 private:
  friend class context_function;
  ~cancel_context_core() override { detach_from_above(); }
  void tell_acquired(events::site) noexcept;
  void detach_from_above() noexcept;
  void unlink() noexcept;  // under above_'s guard
  void close_done(events::site, wake_list&) noexcept;
  void start_functions();  // under guard_
  void finish_cancelled() noexcept;

  cancel_context_core* const above_;  // the nearest one, kept alive by the chain of parents
  chan<void> done_ = nullptr;  // made when somebody asks for it, under guard_; most contexts are never asked
  std::atomic<bool> has_done_{false};                 // done_ stays as it is
  std::atomic<timer_core*> deadline_timer_{nullptr};  // set under guard_

  spin_mutex guard_;
  error error_ SNAG_GUARDED_BY(guard_);  // set once
  error cause_ SNAG_GUARDED_BY(guard_);
  cancel_context_core* children_ SNAG_GUARDED_BY(guard_) = nullptr;
  context_function* functions_ SNAG_GUARDED_BY(guard_) = nullptr;  // oldest first
  context_function* last_function_ SNAG_GUARDED_BY(guard_) = nullptr;
  cancel_context_core* next_cancelled_ = nullptr;  // during a cancellation

  // Under above_'s guard.
  bool attached_ = false;
  cancel_context_core* next_ = nullptr;
  cancel_context_core* previous_ = nullptr;
};

// What copies of one cancel function share.
class context_canceler {
 public:
  explicit context_canceler(cancel_context_core* on) noexcept : on_(on) { on->gain(); }
  void gain() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void lose(events::site) noexcept;
  cancel_context_core& on() const noexcept { return *on_; }

 private:
  ~context_canceler() { on_->lose(); }

  std::atomic<std::uint32_t> references_{1};
  cancel_context_core* const on_;
};

}  // namespace snag::detail
