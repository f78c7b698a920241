// SPDX-License-Identifier: Apache-2.0
#include "snag/shared_mutex.h"

#include <cstddef>
#include <new>

#include "runtime/src/bubble.h"
#include "runtime/src/holdings.h"
#include "runtime/src/object.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"
#include "runtime/src/wait_queue.h"
#include "runtime/src/worker.h"

namespace snag::detail {

using events::lock_mode;
using events::wait_mode;
using events::wait_operation;

namespace {

// What a shared_mutex_storage is.
//   state = readers * reader | writers_queue | readers_wait | writers_wait | written
// The flags for waiters change together with the queues, under the guard. Readers come and go by themselves
// while neither `written` nor `writers_wait` is set, and a writer takes a lock that is 0. Who counts itself
// as a reader while either is set has to settle that under the guard: it then reads on, or takes itself off
// the count again, as the last reader if nobody else is left, and queues. So the count may grow at any time,
// and is never overwritten.
//   writers_wait    a writer waits for the readers to go: new ones are kept out, and the last one hands the
//                   lock to the first writer
//   writers_queue   writers wait for another writer, and none was woken to compete: whoever unlocks has
//                   something to do
// A writer that unlocks hands over to the readers that wait, and wakes the first writer to compete, as with a
// mutex, until that one has starved for a millisecond. Only when it looks, and finds readers, are new readers
// kept out: were they at once, the writer that has just unlocked could not even read on, and each of many
// goroutines would get one operation done between two switches, for ever. (Go has a mutex for writers in
// front, which comes to the same. Handing over to writers always was the first version: with two workers each
// write became two switches.)
// Whenever the guard is free and writers queue, writers_queue or writers_wait is set or somebody was woken.
//
// Happens-before has two parts (Go memory model, "Locks"; C++ [thread.sharedmutex.requirements]): writers
// release part 0, which readers and writers acquire; readers merge into part 1, which only writers acquire.
struct shared_mutex_core {
  static constexpr std::uint64_t written = 1, writers_wait = 2, readers_wait = 4, writers_queue = 8,
                                 reader = one_reader;
  static constexpr std::size_t by_writers = 0, by_readers = 1;

  events::object object;
  std::atomic<std::uint64_t> state;
  std::atomic<goroutine*> owner;  // the writer
  spin_mutex guard;
  bool woken SNAG_GUARDED_BY(guard);  // a writer was taken off the queue to compete, and has not looked yet
  wait_queue writers, readers;        // changed under the guard

  static bool is_read(std::uint64_t state) noexcept { return state >= reader && (state & written) == 0; }
  static bool is_left_to_writer(std::uint64_t state) noexcept {
    return state < reader && (state & (written | writers_wait)) == writers_wait;
  }
  static const goroutine* writer_of(const void* core) noexcept {  // null: readers hold it, nobody knows who
    return static_cast<const shared_mutex_core*>(core)->owner.load(std::memory_order_acquire);
  }
  // For a lock that is held, or about to be.
  std::uint64_t waiting(bool by_readers) const noexcept SNAG_REQUIRES(guard) {
    const std::uint64_t of_writers = by_readers ? writers_wait : writers_queue;
    return (writers.empty() || woken ? 0 : of_writers) | (readers.empty() ? 0 : readers_wait);
  }
  void lock_slow(goroutine& self, events::site) noexcept;
  void lock_shared_slow(goroutine& self, events::site) noexcept;
  bool settle_count() noexcept;
  void change(std::uint64_t admitted, std::uint64_t flags) noexcept SNAG_REQUIRES(guard);
  void pass_on(wake_list&) noexcept SNAG_REQUIRES(guard);
  void unlock_slow() noexcept;
  void unlock_shared_slow() noexcept;
  void tell_owned(goroutine& self, lock_mode, bool tried, events::site) noexcept;
  void tell_disowned(goroutine& self, lock_mode, events::site) noexcept;
  [[noreturn]] void refuse_unlock(goroutine& self, lock_mode, const char* words, events::site) noexcept;
  void wait(waiter&, wait_operation, wait_reason) noexcept SNAG_RELEASE(guard);
};
static_assert(offsetof(shared_mutex_core, state) == offsetof(shared_mutex_storage, words));
static_assert(keeps_readers_out == (shared_mutex_core::written | shared_mutex_core::writers_wait));
static_assert(sizeof(shared_mutex_core) <= sizeof(shared_mutex_storage) &&
              alignof(shared_mutex_core) == alignof(shared_mutex_storage));

constexpr nanoseconds starving{1'000'000};  // as for a mutex

struct writer_waiter : waiter {
  nanoseconds since{0};
};

shared_mutex_core& core_of(shared_mutex_storage& storage) noexcept {
  return *std::launder(reinterpret_cast<shared_mutex_core*>(&storage));
}

void shared_mutex_core::tell_owned(goroutine& self, lock_mode mode, bool tried, events::site where) noexcept {
  events::observer* const o = events::listening();
  if (o == nullptr) [[likely]]
    return;
  if (o != events::installed()) return note_taken_by(self, this, mode, where);
  count_lock_taken();
  o->on_acquired(self, object, by_writers, where);
  if (mode == lock_mode::exclusive) o->on_acquired(self, object, by_readers, where);
  o->on_lock_owned(self, object, mode, tried, where);
}

void shared_mutex_core::refuse_unlock(goroutine& self, lock_mode mode, const char* words,
                                      events::site where) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_lock_disowned(self, object, mode, where);
  fatal(words);
}

void shared_mutex_core::tell_disowned(goroutine& self, lock_mode mode, events::site where) noexcept {
  events::observer* const o = events::listening();
  if (o == nullptr) [[likely]]
    return;
  if (o != events::installed()) {
    if (!note_let_go_by(self, this, mode)) o->on_lock_disowned(self, object, mode, where);
    return;
  }
  o->on_lock_disowned(self, object, mode, where);
  if (mode == lock_mode::exclusive) {
    o->on_released(self, object, by_writers, where);
  } else {
    o->on_released_merging(self, object, by_readers, where);
  }
}

void shared_mutex_core::wait(waiter& self, wait_operation operation, wait_reason reason) noexcept {
  if (events::observer* o = events::listening()) [[unlikely]] {
    const events::wait_target target{&object, operation};
    o->on_blocked(*self.who, reason, wait_mode::all_of, {&target, 1}, self.where);
  }
  if (self.who->in_bubble != nullptr) [[unlikely]]
    self.who->in_bubble->waits_for_lock(*self.who, &writer_of, this);
  park(guard, reason);
}

void shared_mutex_core::lock_slow(goroutine& self, events::site where) noexcept {
  writer_waiter w;
  w.who = &self;
  w.where = where;
  w.since = now();
  bool was_woken = false;
  for (;;) {
    guard.lock();
    if (was_woken) woken = false;
    std::uint64_t seen = state.load(std::memory_order_relaxed);
    bool is_free;
    for (;;) {
      is_free = seen < reader && (seen & written) == 0;
      const std::uint64_t waits = (seen & written) == 0 ? writers_wait : woken ? 0 : writers_queue;
      const std::uint64_t after = seen | (is_free ? written | waiting(/*by_readers=*/false) : waits);
      if (state.compare_exchange_weak(seen, after, std::memory_order_acquire, std::memory_order_relaxed))
        break;
    }
    if (is_free) return guard.unlock();
    w.result = wake_result::none;
    was_woken ? writers.push_front(w) : writers.push(w);  // who has waited before goes first
    wait(w, wait_operation::lock, wait_reason::shared_mutex_lock);
    self.competes.store(false, std::memory_order_relaxed);
    if (w.result == wake_result::delivered) return;
    was_woken = true;
  }
}

void shared_mutex_core::lock_shared_slow(goroutine& self, events::site where) noexcept {
  waiter w;
  w.who = &self;
  w.where = where;
  guard.lock();
  std::uint64_t seen = state.load(std::memory_order_relaxed);
  for (;;) {
    const bool is_open = (seen & (written | writers_wait)) == 0;
    if (state.compare_exchange_weak(seen, is_open ? seen + reader : seen | readers_wait,
                                    std::memory_order_acquire, std::memory_order_relaxed)) {
      if (!is_open) break;
      return guard.unlock();
    }
  }
  readers.push(w);
  wait(w, wait_operation::lock_shared, wait_reason::shared_mutex_rlock);
}

// For a reader that has counted itself while readers were kept out. True: it may read all the same, for they
// are no longer; false: it is not counted any more.
bool shared_mutex_core::settle_count() noexcept {
  wake_list awake;
  {
    const spin_lock lock(guard);
    if ((state.load(std::memory_order_acquire) & (written | writers_wait)) == 0) return true;
    const std::uint64_t after = state.fetch_sub(reader, std::memory_order_acq_rel) - reader;
    if (is_left_to_writer(after)) pass_on(awake);
  }
  awake.ready_all();
  return false;
}

void shared_mutex_core::change(std::uint64_t admitted, std::uint64_t flags) noexcept {
  std::uint64_t seen = state.load(std::memory_order_relaxed);
  while (!state.compare_exchange_weak(seen, (seen & ~(reader - 1)) + admitted + flags,
                                      std::memory_order_release, std::memory_order_relaxed)) {
  }
}

// The last reader has gone: the lock goes to the writer that waited for it.
void shared_mutex_core::pass_on(wake_list& awake) noexcept {
  waiter* const next = writers.pop();
  change(0, (next != nullptr ? written : 0) | waiting(/*by_readers=*/false));
  if (next != nullptr) awake.add(*next, wake_result::delivered);
}

void shared_mutex_core::unlock_slow() noexcept {
  wake_list awake;
  {
    const spin_lock lock(guard);
    std::uint64_t admitted = 0;
    while (waiter* w = readers.pop()) {
      admitted += reader;
      awake.add(*w, wake_result::delivered);
    }
    auto* const first = static_cast<writer_waiter*>(writers.first());
    const bool starves = first != nullptr && now() - first->since > starving;
    if (starves && admitted == 0) {
      pass_on(awake);
    } else {
      if (first != nullptr && !starves && !woken) {
        writers.remove(*first);
        woken = true;
        first->who->competes.store(true, std::memory_order_relaxed);
        awake.add(*first, wake_result::retry);
      }
      change(admitted, waiting(/*by_readers=*/admitted != 0));
    }
  }
  awake.ready_all();
}

void shared_mutex_core::unlock_shared_slow() noexcept {
  wake_list awake;
  {
    const spin_lock lock(guard);
    const std::uint64_t after = state.fetch_sub(reader, std::memory_order_acq_rel) - reader;
    if (is_left_to_writer(after)) pass_on(awake);
  }
  awake.ready_all();
}

[[gnu::noinline]] void lock_watched(shared_mutex_core& m, events::site where) {
  schedule_point();
  goroutine& self = current();
  std::uint64_t expected = 0;
  if (!m.state.compare_exchange_strong(expected, shared_mutex_core::written, std::memory_order_acquire,
                                       std::memory_order_relaxed)) [[unlikely]] {
    m.lock_slow(self, where);
  }
  m.owner.store(&self, std::memory_order_relaxed);
  m.tell_owned(self, lock_mode::exclusive, false, where);
}

[[gnu::noinline]] void unlock_watched(shared_mutex_core& m, events::site where) {
  schedule_point();
  goroutine& self = current();
  if (m.owner.load(std::memory_order_relaxed) != &self)
    m.refuse_unlock(self, lock_mode::exclusive, "sync: Unlock of unlocked RWMutex", where);
  m.tell_disowned(self, lock_mode::exclusive, where);
  m.owner.store(nullptr, std::memory_order_relaxed);
  std::uint64_t expected = shared_mutex_core::written;
  if (!m.state.compare_exchange_strong(expected, 0, std::memory_order_release, std::memory_order_relaxed)) {
    m.unlock_slow();
  }
}

}  // namespace

void lock_shared_mutex(shared_mutex_storage& storage) {
  shared_mutex_core& m = core_of(storage);
  if (goroutine* const self = running_goroutine(); self != nullptr && unwatched()) [[likely]] {
    std::uint64_t expected = 0;
    if (m.state.compare_exchange_strong(expected, shared_mutex_core::written, std::memory_order_acquire,
                                        std::memory_order_relaxed)) [[likely]] {
      m.owner.store(self, std::memory_order_relaxed);
      if (holdings_kept()) [[unlikely]]
        note_taken_by(*self, &m, lock_mode::exclusive, {__builtin_return_address(0)});
      return;
    }
  }
  lock_watched(m, {__builtin_return_address(0)});
}

bool try_lock_shared_mutex(shared_mutex_storage& storage) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  shared_mutex_core& m = core_of(storage);
  std::uint64_t expected = 0;
  if (!m.state.compare_exchange_strong(expected, shared_mutex_core::written, std::memory_order_acquire,
                                       std::memory_order_relaxed)) {
    return false;
  }
  goroutine& self = current();
  m.owner.store(&self, std::memory_order_relaxed);
  m.tell_owned(self, lock_mode::exclusive, true, where);
  return true;
}

void unlock_shared_mutex(shared_mutex_storage& storage) {
  shared_mutex_core& m = core_of(storage);
  goroutine* const self = running_goroutine();
  if (self != nullptr && m.owner.load(std::memory_order_relaxed) == self && unwatched()) [[likely]] {
    if (holdings_kept()) [[unlikely]]
      m.tell_disowned(*self, lock_mode::exclusive, {__builtin_return_address(0)});
    m.owner.store(nullptr, std::memory_order_relaxed);
    std::uint64_t expected = shared_mutex_core::written;
    if (!m.state.compare_exchange_strong(expected, 0, std::memory_order_release, std::memory_order_relaxed))
        [[unlikely]]
      m.unlock_slow();
    return;
  }
  unlock_watched(m, {__builtin_return_address(0)});
}

void rlock_shared_mutex(shared_mutex_storage& storage) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  shared_mutex_core& m = core_of(storage);
  goroutine& self = current();
  std::uint64_t seen = m.state.load(std::memory_order_relaxed);
  for (;;) {
    if ((seen & (shared_mutex_core::written | shared_mutex_core::writers_wait)) != 0) [[unlikely]] {
      m.lock_shared_slow(self, where);
      break;
    }
    if (m.state.compare_exchange_weak(seen, seen + shared_mutex_core::reader, std::memory_order_acquire,
                                      std::memory_order_relaxed)) {
      break;
    }
  }
  m.tell_owned(self, lock_mode::shared, false, where);
}

void rlock_counted_shared_mutex(shared_mutex_storage& storage) {
  const events::site where{__builtin_return_address(0)};
  shared_mutex_core& m = core_of(storage);
  if (!m.settle_count()) m.lock_shared_slow(current(), where);
}

bool try_rlock_shared_mutex(shared_mutex_storage& storage) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  shared_mutex_core& m = core_of(storage);
  std::uint64_t seen = m.state.load(std::memory_order_relaxed);
  do {
    if ((seen & (shared_mutex_core::written | shared_mutex_core::writers_wait)) != 0) return false;
  } while (!m.state.compare_exchange_weak(seen, seen + shared_mutex_core::reader, std::memory_order_acquire,
                                          std::memory_order_relaxed));
  m.tell_owned(current(), lock_mode::shared, true, where);
  return true;
}

void runlock_shared_mutex(shared_mutex_storage& storage) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  shared_mutex_core& m = core_of(storage);
  std::uint64_t seen = m.state.load(std::memory_order_relaxed);
  if (!shared_mutex_core::is_read(seen))
    m.refuse_unlock(current(), lock_mode::shared, "sync: RUnlock of unlocked RWMutex", where);
  if (events::listening() != nullptr) [[unlikely]]
    m.tell_disowned(current(), lock_mode::shared, where);
  runlock_noted_shared_mutex(storage);
}

void runlock_noted_shared_mutex(shared_mutex_storage& storage) {
  shared_mutex_core& m = core_of(storage);
  std::uint64_t seen = m.state.load(std::memory_order_relaxed);
  while ((seen & shared_mutex_core::writers_wait) == 0) {
    if (m.state.compare_exchange_weak(seen, seen - shared_mutex_core::reader, std::memory_order_release,
                                      std::memory_order_relaxed)) {
      return;
    }
    if (!shared_mutex_core::is_read(seen)) fatal("sync: RUnlock of unlocked RWMutex");
  }
  m.unlock_shared_slow();
}

}  // namespace snag::detail
