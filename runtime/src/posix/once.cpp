// SPDX-License-Identifier: Apache-2.0
// pthread_once, and with it std::call_once, without the C library's: that one links its cleanup handler into
// the OS thread, which a routine that parks may leave, and it blocks the OS thread on which the routine,
// parked itself, might have to go on. Here a goroutine that finds the routine running parks; a thread sleeps.
// The control word keeps glibc's value for "done", so code that was compiled to look at it is not surprised.
#include <pthread.h>

#include <mutex>

#include "runtime/src/fork.h"
#include "runtime/src/posix/initialiser_wait.h"
#include "runtime/src/posix/support_libraries.h"

namespace snag::detail {
namespace {

constexpr auto kind = events::object_kind::pthread_once;
constexpr int done = 2;

struct call {
  pthread_once_t* control;
  const void* caller;
  call* next = nullptr;
};

const void* calling() noexcept {
  if (const goroutine* const self = running_goroutine()) return self;
  return reinterpret_cast<const void*>(pthread_self());
}

// The calls in progress; few at any time.
constinit spin_mutex calls_mutex;
constinit call* calls SNAG_GUARDED_BY(calls_mutex) = nullptr;

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
  announce_initialiser_end(self.control);
}

// Nobody is of what the compiler's libraries do once for themselves.
bool is_told(events::site where) noexcept {
  return events::installed() != nullptr && !initialises_itself(where.pc);
}

}  // namespace

void lock_once_for_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS { calls_mutex.lock(); }

// What somebody else had begun is begun anew, as by glibc's.
void unlock_once_after_fork(bool in_child) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  const void* const self = calling();
  for (call** at = &calls; in_child && *at != nullptr;) {
    if ((*at)->caller == self)
      at = &(*at)->next;
    else
      *at = (*at)->next;
  }
  calls_mutex.unlock();
}

}  // namespace snag::detail

extern "C" int pthread_once(pthread_once_t* control, void (*routine)()) {
  using namespace snag::detail;
  const snag::events::site where{__builtin_return_address(0)};
  call mine{control, calling()};
  while (!is_done(control)) {
    if (!enter(mine)) {
      const passed_callable passed = take_passed();
      if (!is_done(control))
        await_initialiser_end(control, [control] { return in_progress(control); }, where);
      pass_again(passed);
      continue;
    }
    // A routine that threw was not the last one, and is ordered before the next ([thread.once.callonce]).
    struct guard {
      call& entered;
      snag::events::site where;
      bool returned = false;
      ~guard() {
        if (!initialises_itself(where.pc)) tell_initialised(entered.control, where);
        if (is_told(where)) tell_released_merging(entered.control, kind, where);
        leave(entered, returned);
      }
    } at_end{mine, where};
    if (is_told(where)) tell_acquired(control, kind, where);
    if (!initialises_itself(where.pc)) tell_initialising(control, where);
    routine();
    at_end.returned = true;
  }
  if (is_told(where)) tell_acquired(control, kind, where);
  return 0;
}
