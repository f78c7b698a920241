// SPDX-License-Identifier: Apache-2.0
// pthread_create, join and detach, and with them std::thread: a thread is an actor from its creation on, and
// a goroutine that joins one parks until it has ended. Whoever creates a thread does not wait for it to
// begin.
#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <atomic>
#include <cerrno>
#include <optional>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

#include "runtime/src/fork.h"
#include "runtime/src/leaked.h"
#include "runtime/src/posix/cancellation.h"
#include "runtime/src/posix/lock_events.h"
#include "runtime/src/posix/parking_lot.h"
#include "runtime/src/posix/real.h"
#include "runtime/src/posix/thread.h"
#include "runtime/src/signal_mask.h"
#include "runtime/src/thread_end.h"

namespace snag::detail {
namespace {

SNAG_REAL(pthread_create);
SNAG_REAL(pthread_join);
SNAG_REAL(pthread_tryjoin_np);
SNAG_REAL(pthread_timedjoin_np);
SNAG_REAL(pthread_clockjoin_np);
SNAG_REAL(pthread_detach);

// A thread that somebody may still join. Also the key for those who wait for its end.
struct joinable : thread_ending {
  goroutine* proxy = nullptr;
  std::atomic<bool> begun{false};  // it is as prepared as its creator expects
  std::atomic<bool> ended{false};  // it has run all its code; written under the table's lock
  std::atomic<bool> detached{false};
  bool listed = false;          // in the table, or has been; likewise
  std::atomic<int> holders{2};  // its creator until it has listed it, and who disposes of it

  // What it begins with.
  void* (*routine)(void*) = nullptr;
  void* argument = nullptr;
  signal_mask signals = 0;
};
void drop(joinable& thread) noexcept {
  if (thread.holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete &thread;
}

void tell_detached(joinable& thread) noexcept {
  if (events::observer* o = events::installed()) o->on_detached(*thread.proxy);
}

class thread_table {
 public:
  static thread_table& instance() {
    static constinit leaked<thread_table> table;
    return table.get();
  }
  // By its creator and by itself: whoever comes first, before either goes on.
  void add(pthread_t id, joinable& thread) {
    const spin_lock lock(mutex_);
    if (std::exchange(thread.listed, true)) return;
    threads_.insert_or_assign(complement(id), &thread);
  }
  bool is_beginning(pthread_t id) {
    const spin_lock lock(mutex_);
    const auto found = threads_.find(complement(id));
    return found != threads_.end() && !found->second->begun;
  }
  joinable* find(pthread_t id) {
    const spin_lock lock(mutex_);
    const auto found = threads_.find(complement(id));
    return found == threads_.end() ? nullptr : found->second;
  }
  // Whoever comes second, of the thread's end and its detaching, disposes of it.
  void detach(pthread_t id) {
    first_of(id, &joinable::detached, &joinable::ended, [](joinable& thread) { tell_detached(thread); });
  }
  void end(pthread_t id) {
    first_of(id, &joinable::ended, &joinable::detached, [](joinable&) {});
  }
  void lock_for_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS { mutex_.lock(); }
  void unlock_after_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS { mutex_.unlock(); }
  // Unless the id is another thread's by now.
  void remove(pthread_t id, const joinable& thread) {
    const spin_lock lock(mutex_);
    const auto found = threads_.find(complement(id));
    if (found != threads_.end() && found->second == &thread) threads_.erase(found);
  }

 private:
  template <class Tell>
  void first_of(pthread_t id, std::atomic<bool> joinable::* now, std::atomic<bool> joinable::* before,
                Tell tell) {
    const spin_lock lock(mutex_);
    const auto found = threads_.find(complement(id));
    if (found == threads_.end()) return;
    joinable& thread = *found->second;
    thread.*now = true;
    tell(thread);
    if (!(thread.*before)) return;
    release_proxy(*thread.proxy);
    drop(thread);
    threads_.erase(found);
  }

  // Who looks for pointers in memory shall not take the table for somebody who knows the thread.
  static pthread_t complement(pthread_t id) { return ~id; }

  spin_mutex mutex_;
  boost::unordered_flat_map<pthread_t, joinable*> threads_ SNAG_GUARDED_BY(mutex_);
};

void end_thread(thread_ending& thread) noexcept {
  thread_table::instance().end(pthread_self());  // it may be gone with that
  unpark(&thread, true);
}

// Also when the thread leaves by pthread_exit or is cancelled, which unwinds its stack.
struct end_of_routine {
  ~end_of_routine() {
    if (events::observer* o = events::listening()) o->on_unwound(current());
  }
};

void* run_thread(void* passed) {
  joinable& thread = *static_cast<joinable*>(passed);
  // (Who looks for pointers in memory finds the argument where it is used.)
  void* (*const routine)(void*) = thread.routine;
  void* const argument = std::exchange(thread.argument, nullptr);
  adopt_proxy(*thread.proxy);
  forget_cancellation();
  thread_table::instance().add(pthread_self(), thread);
  thread.run = end_thread;
  at_thread_end(thread);  // before the proxy's end, which comes last
  thread.begun.store(true, std::memory_order_release);
  exchange_signal_mask(thread.signals);
  const end_of_routine at_end;
  return routine(argument);
}

void tell_joining(goroutine& self, const events::actor* whom, events::site where) {
  events::observer* const o = events::listening();
  if (o == nullptr || whom == nullptr) return;
  const events::wait_target target{nullptr, events::wait_operation::join, whom};
  o->on_blocked(self, wait_reason::foreign, events::wait_mode::all_of, {&target, 1}, where);
}

// Parks until `over`; whoever sets that unparks the key then. `whom`: whose end that is; null: not told of.
void park_until(const std::atomic<bool>& over, const void* key, goroutine& self,
                const events::actor* whom = nullptr, events::site where = {}) {
  parking_shard& shard = parking_shard_of(key);
  parked here{key, &self};
  shard.mutex.lock();
  shard.push(here);
  if (over)
    shard.remove(here);
  else
    tell_joining(self, whom, where);
  shard.sleep(here, nanoseconds::max(), wait_reason::foreign);
}

struct main_thread {
  std::atomic<pthread_t> id{0};
  void* value = nullptr;
  std::atomic<bool> left{false};
};
constinit main_thread main_of_process;

bool is_main_thread(pthread_t id) noexcept {
  return id == main_of_process.id.load(std::memory_order_relaxed) && pthread_equal(id, pthread_self()) == 0;
}

int join_main(void** result, goroutine& self, events::site where) {
  park_until(main_of_process.left, &main_of_process, self);
  tell_acquired(&main_of_process, events::object_kind::other, where);
  if (result != nullptr) *result = main_of_process.value;
  return 0;
}

// What joins the thread for real, and tells of it if that succeeds. From then on a thread that somebody
// creates may have the same id: so who it was is asked before.
template <class Join>
int join_by(pthread_t id, Join real) {
  joinable* const thread = thread_table::instance().find(id);
  const int error = real(thread);
  if (error != 0 || thread == nullptr) return error;
  thread_table::instance().remove(id, *thread);
  if (events::observer* o = events::listening())
    if (goroutine* const self = acting_now()) o->on_joined(*self, *thread->proxy);
  release_proxy(*thread->proxy);
  drop(*thread);
  return 0;
}

// Of a thread that has run all its code: it is about to be gone, and to sleep until then would take longer.
int join_ended(pthread_t id, void** result) {
  constexpr int looks = 40, pauses = 16;
  for (int i = 0; i < looks; ++i) {
    const int error = real_pthread_tryjoin_np(id, result);
    if (error != EBUSY) return error;
    for (int p = 0; p < pauses; ++p) __builtin_ia32_pause();
    sched_yield();
  }
  return real_pthread_join(id, result);
}

// The mask that a thread is to begin with, if that is not its creator's.
std::optional<signal_mask> mask_in(const pthread_attr_t* attributes) noexcept {
  sigset_t mask;
  if (attributes == nullptr || pthread_attr_getsigmask_np(attributes, &mask) != 0) return std::nullopt;
  return bits_of(mask);
}

}  // namespace

void note_main_thread() noexcept { main_of_process.id.store(pthread_self(), std::memory_order_relaxed); }

void main_thread_leaves(void* value) noexcept { main_of_process.value = value; }

void main_thread_left() noexcept {
  tell_released_merging(&main_of_process, events::object_kind::other, {__builtin_return_address(0)});
  main_of_process.left = true;
  unpark(&main_of_process, true);
}

void lock_threads_for_fork() noexcept { thread_table::instance().lock_for_fork(); }
void unlock_threads_after_fork() noexcept { thread_table::instance().unlock_after_fork(); }

int create_thread(pthread_t* id, const pthread_attr_t* attributes, void* (*routine)(void*), void* argument,
                  const void* pc) noexcept {
  goroutine* const self = creating_internal_thread() ? nullptr : acting_now();
  if (self == nullptr) return real_pthread_create(id, attributes, routine, argument);
  int detach_state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &detach_state);
  goroutine* const proxy = new_proxy(self, pc);
  auto* const thread = new joinable;
  thread->proxy = proxy;
  thread->detached = detach_state == PTHREAD_CREATE_DETACHED;
  if (thread->detached) tell_detached(*thread);
  thread->routine = routine;
  thread->argument = argument;
  const std::optional<signal_mask> mask = mask_in(attributes);
  const signal_mask ours = exchange_signal_mask(all_signals);  // it lets none through before it is known
  thread->signals = mask.value_or(ours);
  const int result = real_pthread_create(id, attributes, run_thread, thread);
  if (result == 0) {
    thread_table::instance().add(*id, *thread);
    if (mask)  // it can be sent signals as soon as somebody knows it
      while (!thread->begun.load(std::memory_order_acquire)) sched_yield();
  }
  exchange_signal_mask(ours);
  if (result == 0) {
    drop(*thread);
  } else {
    discard_proxy(*proxy);
    delete thread;
  }
  return result;
}

void await_beginning(pthread_t id) noexcept {
  while (thread_table::instance().is_beginning(id)) sched_yield();
}

}  // namespace snag::detail

using namespace snag::detail;

extern "C" {

int pthread_create(pthread_t* id, const pthread_attr_t* attributes, void* (*routine)(void*),
                   void* argument) noexcept {
  return create_thread(id, attributes, routine, argument, __builtin_return_address(0));
}

int pthread_join(pthread_t id, void** result) {
  if (goroutine* const self = acting_now(); self != nullptr && is_main_thread(id))
    return join_main(result, *self, {__builtin_return_address(0)});
  const snag::events::site where{__builtin_return_address(0)};
  return join_by(id, [&](joinable* thread) {
    if (goroutine* const self = running_goroutine()) {
      schedule_point();
      if (thread != nullptr) {
        park_until(thread->ended, thread, *self, thread->proxy, where);
        return join_ended(id, result);
      }
    } else if (thread != nullptr && snag::events::listening() != nullptr) {
      // (A thread may be cancelled here.)
      goroutine* const joiner = acting_now();
      const bool refused = pthread_equal(id, pthread_self()) != 0;  // EDEADLK
      if (joiner != nullptr && !thread->ended && !refused) {
        tell_joining(*joiner, thread->proxy, where);
        const int error = real_pthread_join(id, result);
        snag::events::listening()->on_unblocked(*joiner, nullptr);
        return error;
      }
    }
    return real_pthread_join(id, result);
  });
}

int pthread_tryjoin_np(pthread_t id, void** result) noexcept {
  return join_by(id, [&](joinable*) { return real_pthread_tryjoin_np(id, result); });
}

int pthread_timedjoin_np(pthread_t id, void** result, const timespec* deadline) {
  return join_by(id, [&](joinable*) { return real_pthread_timedjoin_np(id, result, deadline); });
}

int pthread_clockjoin_np(pthread_t id, void** result, clockid_t clock, const timespec* deadline) {
  return join_by(id, [&](joinable*) { return real_pthread_clockjoin_np(id, result, clock, deadline); });
}

int pthread_detach(pthread_t id) noexcept {
  thread_table::instance().detach(id);
  return real_pthread_detach(id);
}

}  // extern "C"
