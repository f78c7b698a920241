// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/timer.h"

#include <limits>

#include "runtime/src/closure.h"
#include "snag/panic.h"
#include "snag/time.h"

namespace snag::detail {
namespace {

nanoseconds saturating_add(nanoseconds point, nanoseconds d) noexcept {
  return d > nanoseconds::max() - point ? nanoseconds::max() : point + d;
}

}  // namespace

// --- timer_core --------------------------------------------------------------------------------------------

void timer_core::arm(nanoseconds from_now, nanoseconds period, events::site where) {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_timer_armed(actor_, current(), where);
  armed_at_ = where.pc;
  period_ = period;
  armed_ = true;
  when = saturating_add(now(in_bubble), from_now > nanoseconds(0) ? from_now : nanoseconds(0));
  start_timer(*this);
}

bool timer_core::disarm() noexcept {
  was_void_ = false;
  if (!armed_) return false;
  armed_ = false;
  if (!detail::stop_timer(static_cast<timer_node&>(*this))) {
    ++void_firings_;
    was_void_ = true;
  }
  return true;
}

bool timer_core::begin_firing() noexcept {
  if (void_firings_ > 0) {
    --void_firings_;
    return false;
  }
  armed_ = false;
  return true;
}

// The next multiple of the period that is still to come: ticks that were missed are not made up for.
void timer_core::rearm() noexcept {
  if (period_ <= nanoseconds(0)) return;
  const nanoseconds late = now(in_bubble) - when;
  when = saturating_add(when, period_ * (1 + (late > nanoseconds(0) ? late / period_ : 0)));
  armed_ = true;
  start_timer(*this);
}

void timer_core::check_bubble(const char* words) const {
  if (in_bubble != nullptr && in_bubble != current_bubble()) [[unlikely]]
    panic(words);
}

void timer_core::tell_ended() noexcept {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_ended(actor_, {});
}

// --- channel_timer -----------------------------------------------------------------------------------------

static_assert(sizeof(time_point) == sizeof(std::int64_t));

channel_timer::channel_timer() noexcept
    : channel(1, {sizeof(std::int64_t), nullptr}, slot_, &channel_timer::dispose_of, true) {
  fire = &on_fired;
}

channel_timer* channel_timer::make(nanoseconds first, nanoseconds period, events::site where) {
  auto* const made = new channel_timer;
  made->announce(where);
  const spin_lock lock(made->mutex_);
  made->arm(first, period, where);
  return made;
}

// Nobody can see the channel any more. A firing may still be on its way into it.
void channel_timer::dispose_of(channel* c) noexcept {
  auto* const self = static_cast<channel_timer*>(c);
  {
    const spin_lock lock(self->mutex_);
    self->disarm();
  }
  await_timer(*self);
  self->tell_ended();
  delete self;
}

void channel_timer::on_fired(timer_node& node) noexcept {
  auto& self = static_cast<channel_timer&>(static_cast<timer_core&>(node));
  wake_list woken;
  {
    const spin_lock lock(self.mutex_);
    if (!self.begin_firing()) return;
    std::int64_t time = now(self.in_bubble).count();
    self.give(&time, &self.actor_, {self.armed_at_}, woken);  // dropped if the last one still stands
    self.rearm();
  }
  woken.ready_all();
}

// As function_timer::reset: a firing that was made void is over before the timer may start elsewhere, or end.
bool channel_timer::stop() {
  spin_lock lock(mutex_);
  const bool was_armed = disarm();
  const bool was_void = was_void_;
  const bool had_fired = buffered() != 0;
  discard_all();
  lock.unlock();
  if (was_void) await_timer(*this);
  return was_armed || had_fired;
}

bool channel_timer::reset(nanoseconds first, nanoseconds period, events::site where) {
  spin_lock lock(mutex_);
  const bool was_armed = disarm();
  const bool was_void = was_void_;
  void* const fires_in = heap.load(std::memory_order_acquire);
  const bool had_fired = buffered() != 0;
  discard_all();
  arm(first, period, where);
  lock.unlock();
  if (was_void) await_timer(*this, fires_in);
  return was_armed || had_fired;
}

// --- function_timer ----------------------------------------------------------------------------------------

function_timer::function_timer(void (*run)(void*), void (*destroy)(void*) noexcept, void* closure) noexcept
    : run_(run), destroy_(destroy), closure_(closure) {
  fire = &on_fired;
  dropped = &on_dropped;
}

void function_timer::lose() noexcept {
  if (references_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  tell_ended();
  delete this;
}

void function_timer::run_function(void* argument) {
  auto* const self = static_cast<function_timer*>(argument);
  struct reference {
    function_timer* held;
    ~reference() { held->lose(); }
  } const release{self};
  self->run_(self->closure_);
}

// The reference of the pending firing becomes the goroutine's, which may be the last: it must not run before
// the guard is let go.
void function_timer::on_fired(timer_node& node) noexcept {
  auto& self = static_cast<function_timer&>(static_cast<timer_core&>(node));
  goroutine* started = nullptr;
  {
    const spin_lock lock(self.guard_);
    if (!self.begin_firing()) return;
    started = &make_goroutine({.in_bubble = self.in_bubble}, &self.actor_, self.armed_at_);
    started->run = &run_function;
    started->set_closure_elsewhere(&self);
    announce(*started, &self.actor_);
  }
  set_off(*started);
}

void function_timer::on_dropped(timer_node& node) noexcept {
  auto& self = static_cast<function_timer&>(static_cast<timer_core&>(node));
  {
    const spin_lock lock(self.guard_);
    self.forget_arming();
  }
  self.lose();
}

// Gives back the reference of the pending firing, here rather than in a firing that came to nothing: the
// function's destructor is user code and must not run on a scheduler's stack.
bool function_timer::disarm_and_wait() noexcept {
  spin_lock lock(guard_);
  const bool was_armed = disarm();
  const bool was_void = was_void_;
  lock.unlock();
  if (was_void) await_timer(*this);
  if (was_armed) lose();
  return was_armed;
}

bool function_timer::stop() { return disarm_and_wait(); }

// One step, so that each arming ends in one way, told once. A firing that comes to nothing may still be
// about, in the heap that it came from.
bool function_timer::reset(nanoseconds first, nanoseconds period, events::site where) {
  spin_lock lock(guard_);
  const bool was_armed = disarm();
  if (!was_armed) gain();  // else the reference of the firing that was pending serves
  const bool was_void = was_void_;
  void* const fires_in = heap.load(std::memory_order_acquire);
  arm(first, period, where);
  lock.unlock();
  if (was_void) await_timer(*this, fires_in);
  return was_armed;
}

// --- The library functions of snag/time.h ------------------------------------------------------------------

namespace {

struct sleeper : timer_node {
  goroutine* who;
};

}  // namespace

void sleep(nanoseconds d) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  sleep_at(d, where);
}

void sleep_at(nanoseconds d, events::site where) {
  if (d <= nanoseconds(0)) return;
  sleeper self;
  self.who = &current();
  self.in_bubble = self.who->in_bubble;
  self.when = saturating_add(now(), d);
  self.fire = [](timer_node& node) { ready(*static_cast<sleeper&>(node).who); };
  if (events::observer* o = events::listening()) [[unlikely]] {
    const events::wait_target deadline{nullptr, events::wait_operation::sleep};
    o->on_blocked(*self.who, wait_reason::sleep, events::wait_mode::any_of, {&deadline, 1}, where);
  }
  park([](void* node) { start_timer(*static_cast<sleeper*>(node)); }, &self, wait_reason::sleep);
}

timer_core* make_channel_timer(nanoseconds first, nanoseconds period, fired& channel) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  channel_timer* const made = channel_timer::make(first, period, where);
  channel = handle_access::share<fired>(made);
  return made;
}

timer_core* make_function_timer(nanoseconds first, void (*run)(void*), void (*destroy)(void*) noexcept,
                                void* closure) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  auto* const made = new function_timer(run, destroy, closure);
  made->reset(first, {}, where);
  return made;
}

void gain_timer(timer_core* t) noexcept {
  if (t != nullptr) t->gain();
}
void lose_timer(timer_core* t) noexcept {
  if (t != nullptr) t->lose();
}
bool stop_timer(timer_core* t) {
  schedule_point();
  t->check_bubble("stop of synctest timer from outside bubble");
  return t->stop();
}
bool reset_timer(timer_core* t, nanoseconds first, nanoseconds period) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  t->check_bubble("reset of synctest timer from outside bubble");
  return t->reset(first, period, where);
}
void panic_with(const char* words) { panic(words); }

}  // namespace snag::detail
