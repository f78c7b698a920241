// SPDX-License-Identifier: Apache-2.0
// pthread_once, and with it std::call_once, without the C library's: that one links its cleanup handler into
// the OS thread, which a routine that parks may leave, and it blocks the OS thread on which the routine,
// parked itself, might have to go on. Here a goroutine that finds the routine running parks; a thread sleeps.
// The control word keeps glibc's value for "done", so code that was compiled to look at it is not surprised.
#include <pthread.h>

#include <limits>
#include <mutex>

#include "runtime/src/futex.h"
#include "runtime/src/posix/lock_events.h"
#include "runtime/src/posix/parking_lot.h"

namespace snag::detail {
namespace {

constexpr auto kind = events::object_kind::pthread_once;
constexpr int done = 2;

struct call {
  pthread_once_t* control;
  call* next = nullptr;
};

// The calls in progress; few at any time.
constinit spin_mutex calls_mutex;
constinit call* calls SNAG_GUARDED_BY(calls_mutex) = nullptr;
constinit std::atomic<std::uint32_t> ended{0};  // counts; threads sleep on it
constinit std::atomic<std::uint32_t> sleepers{0};

// libstdc++ passes the callable of std::call_once to its routine in thread_locals, which do not follow a
// goroutine that waited here. Out of line: their addresses must not survive a switch.
struct passed_callable {
  void* object;
  void (*call)();
};
[[gnu::noinline]] passed_callable take_passed() noexcept { return {std::__once_callable, std::__once_call}; }
[[gnu::noinline]] void pass_again(const passed_callable& p) noexcept {
  std::__once_callable = p.object;
  std::__once_call = p.call;
}

bool is_done(const pthread_once_t* control) noexcept {
  return __atomic_load_n(control, __ATOMIC_ACQUIRE) == done;
}

bool in_progress(const pthread_once_t* control) noexcept {
  const spin_lock lock(calls_mutex);
  for (const call* c = calls; c != nullptr; c = c->next) {
    if (c->control == control) return true;
  }
  return false;
}

// False: somebody else is at it, or it is done.
bool enter(call& self) noexcept {
  const spin_lock lock(calls_mutex);
  if (is_done(self.control)) return false;
  for (const call* c = calls; c != nullptr; c = c->next) {
    if (c->control == self.control) return false;
  }
  self.next = calls;
  calls = &self;
  return true;
}

// After a routine that threw, somebody else tries.
void leave(call& self, bool returned) noexcept {
  {
    const spin_lock lock(calls_mutex);
    if (returned) __atomic_store_n(self.control, done, __ATOMIC_RELEASE);
    call** at = &calls;
    while (*at != &self) at = &(*at)->next;
    *at = self.next;
  }
  ended.fetch_add(1, std::memory_order_seq_cst);
  if (sleepers.load(std::memory_order_seq_cst) != 0) futex_wake(ended, std::numeric_limits<int>::max());
  if (anybody_parked()) unpark(self.control, true);
}

void wait_while_in_progress(const pthread_once_t* control, events::site where) noexcept {
  goroutine* const self = running_goroutine();
  if (self == nullptr) {
    sleepers.fetch_add(1, std::memory_order_seq_cst);
    const std::uint32_t before = ended.load(std::memory_order_seq_cst);
    if (in_progress(control)) futex_wait(ended, before, nanoseconds::max());
    sleepers.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  parking_shard& shard = parking_shard_of(control);
  parked here{control, self};
  shard.mutex.lock();
  shard.push(here);
  if (in_progress(control)) {
    tell_blocked(*self, control, kind, events::wait_operation::wait, wait_reason::once, where);
    shard.sleep(here, nanoseconds::max(), wait_reason::once);
  } else {  // over since: whoever ended it may not have seen us
    shard.remove(here);
    shard.mutex.unlock();
  }
}

}  // namespace
}  // namespace snag::detail

extern "C" int pthread_once(pthread_once_t* control, void (*routine)()) {
  using namespace snag::detail;
  const snag::events::site where{__builtin_return_address(0)};
  call mine{control};
  while (!is_done(control)) {
    if (!enter(mine)) {
      const passed_callable passed = take_passed();
      if (!is_done(control)) wait_while_in_progress(control, where);
      pass_again(passed);
      continue;
    }
    struct guard {
      call& entered;
      bool returned = false;
      ~guard() { leave(entered, returned); }
    } at_end{mine};
    routine();
    tell_released_merging(control, kind, where);
    at_end.returned = true;
  }
  tell_acquired(control, kind, where);
  return 0;
}
