// SPDX-License-Identifier: Apache-2.0
// timer_create with SIGEV_THREAD: libc starts a thread of its own for each expiry, which appears from
// nowhere. It is an actor from its first call on, created by the timer, which acts for whoever armed it last.
// Of a timer that sends a signal observers learn by whom it was armed.
#include <signal.h>
#include <time.h>

#include <boost/unordered/unordered_flat_map.hpp>

#include "runtime/src/leaked.h"
#include "runtime/src/posix/real.h"
#include "runtime/src/spin_mutex.h"
#include "runtime/src/thread_proxy.h"

namespace snag::detail {
namespace {

SNAG_REAL(timer_create);
SNAG_REAL(timer_settime);
SNAG_REAL(timer_delete);

// Lives as long as the process: an expiry may be on its way when the timer is deleted.
struct calling_timer {
  void (*function)(sigval);
  sigval value;
  events::actor actor;
};

class timer_table {
 public:
  static timer_table& instance() {
    static constinit leaked<timer_table> table;
    return table.get();
  }
  void add(timer_t id, calling_timer* timer) {
    const spin_lock lock(mutex_);
    timers_.insert_or_assign(id, timer);
  }
  calling_timer* find(timer_t id) {
    const spin_lock lock(mutex_);
    const auto found = timers_.find(id);
    return found == timers_.end() ? nullptr : found->second;
  }
  void remove(timer_t id) {
    const spin_lock lock(mutex_);
    timers_.erase(id);
  }

 private:
  spin_mutex mutex_;
  boost::unordered_flat_map<timer_t, calling_timer*> timers_ SNAG_GUARDED_BY(mutex_);
};

void call(sigval argument) {
  auto& timer = *static_cast<calling_timer*>(argument.sival_ptr);
  goroutine& proxy = *new_proxy(&timer.actor, nullptr);
  release_proxy(proxy);  // nobody joins it
  adopt_proxy(proxy);
  timer.function(timer.value);
}

}  // namespace
}  // namespace snag::detail

using namespace snag;
using namespace snag::detail;

extern "C" {

int timer_create(clockid_t clock, sigevent* event, timer_t* id) noexcept {
  if (event == nullptr || event->sigev_notify != SIGEV_THREAD || event->sigev_notify_function == nullptr)
    return real_timer_create(clock, event, id);
  auto* const timer = new calling_timer{event->sigev_notify_function, event->sigev_value, {}};
  timer->actor.kind = events::actor_kind::timer;
  sigevent ours = *event;
  ours.sigev_notify_function = call;
  ours.sigev_value.sival_ptr = timer;
  const int result = real_timer_create(clock, &ours, id);
  if (result == 0)
    timer_table::instance().add(*id, timer);
  else
    delete timer;
  return result;
}

int timer_settime(timer_t id, int flags, const itimerspec* value, itimerspec* old) noexcept {
  if (events::observer* o = events::installed()) {
    const events::site where{__builtin_return_address(0)};
    if (calling_timer* const timer = timer_table::instance().find(id)) {
      o->on_timer_armed(timer->actor, current(), where);
    } else {  // libc's id is the kernel's
      o->on_signal_timer_armed(static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(id)), current(),
                               where);
    }
  }
  return real_timer_settime(id, flags, value, old);
}

int timer_delete(timer_t id) noexcept {
  timer_table::instance().remove(id);
  return real_timer_delete(id);
}

}  // extern "C"
