// SPDX-License-Identifier: Apache-2.0
// Goroutines that wait for an event loop, and the loop's thread. Why a thread and not idle workers, as in Go:
// an event loop such as Asio's keeps track of who runs it in thread-local variables, which code in users'
// goroutines reads inline; a goroutine that came back on another worker could take that one for its own. The
// price is a change of threads for each wake-up, shared by all that became ready together.
#include "runtime/src/io.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <climits>
#include <new>
#include <utility>

#include "runtime/src/check.h"
#include "runtime/src/fatal.h"
#include "runtime/src/futex.h"
#include "runtime/src/object.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/signals.h"
#include "runtime/src/thread_proxy.h"
#include "snag/detail/io.h"

namespace snag::detail {
namespace {

// Goroutines that the loop's current turn made ready: they go to the scheduler together.
struct batch {
  goroutine* first = nullptr;
  goroutine* last = nullptr;
  std::uint32_t count = 0;
};

constinit std::atomic<io_loop*> the_loop{nullptr};
constinit std::atomic<bool> batch_waits{false};  // set before the loop may say that nothing is pending
constinit std::atomic<std::uint32_t> turns{0};   // of the loop; futex word
constinit std::atomic<int> bell{-1};             // an eventfd
constinit spin_mutex making;
[[gnu::tls_model("initial-exec")]] constinit thread_local batch* own_batch =
    nullptr;  // null: not the loop's thread

spin_mutex& as_mutex(std::atomic<unsigned>& word) noexcept { return reinterpret_cast<spin_mutex&>(word); }
static_assert(sizeof(spin_mutex) == sizeof(std::atomic<unsigned>));

void ready_from_loop(goroutine& g) noexcept {
  batch* const here = own_batch;
  if (here == nullptr || g.home == nullptr || g.home != peek_default_scheduler()) return ready(g);
  if (events::observer* o = events::listening()) [[unlikely]]
    o->on_unblocked(g, &current());
  g.reason.store(wait_reason::none, std::memory_order_relaxed);
  g.queue_next = nullptr;
  if (here->count++ == 0) {
    here->first = &g;
    batch_waits.store(true, std::memory_order_seq_cst);
  } else {
    here->last->queue_next = &g;
  }
  here->last = &g;
}

void hand_in(batch& b) noexcept {
  if (b.count == 0) return;
  const batch all = std::exchange(b, {});
  default_scheduler().make_ready_batch(all.first, all.last, all.count);
  batch_waits.store(false, std::memory_order_seq_cst);
}

void* drive(void* passed) noexcept {
  register_internal_thread();
  adopt_background_proxy(*static_cast<goroutine*>(passed));
  batch here;
  own_batch = &here;
  io_loop& loop = *the_loop.load(std::memory_order_acquire);
  for (;;) {
    loop.run();
    hand_in(here);
    turns.fetch_add(1, std::memory_order_seq_cst);
    futex_wake(turns, INT_MAX);
    if (!loop.pending()) default_scheduler().outsider_left();
  }
}

void start_thread(goroutine& proxy) noexcept {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  const without_signals quiet;
  const internal_thread_scope internal;
  pthread_t thread;
  if (pthread_create(&thread, &attributes, drive, &proxy) != 0) fatal("no thread for input and output");
  pthread_attr_destroy(&attributes);
}

}  // namespace

io_wait::io_wait(const void* pc) noexcept : header_{.kind = object_kind{}}, pc_(pc) {
  if (events::observer* o = events::installed()) [[unlikely]] {
    events::object& self = as_object(header_);
    self.kind = events::object_kind::other;
    o->on_object_created(self, &current(), 0, {pc_});
  }
}

io_wait::~io_wait() {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_object_destroyed(as_object(header_));
}

void io_wait::complete() noexcept {
  goroutine* waiter;
  {
    const spin_lock lock(as_mutex(lock_));
    if (events::observer* o = events::installed()) [[unlikely]]
      o->on_released(current(), as_object(header_), 0, {pc_});
    done_ = true;
    waiter = static_cast<goroutine*>(waiter_);
  }
  if (waiter != nullptr) ready_from_loop(*waiter);
}

void io_wait::wait() noexcept {
  schedule_point();
  goroutine& self = current();
  spin_lock lock(as_mutex(lock_));
  if (!done_) {
    waiter_ = &self;
    if (events::observer* o = events::listening()) [[unlikely]] {
      const events::wait_target target{&as_object(header_), events::wait_operation::io};
      o->on_blocked(self, wait_reason::io, events::wait_mode::any_of, {&target, 1}, {pc_});
    }
    park(lock, wait_reason::io);
  } else {
    lock.unlock();
  }
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_acquired(self, as_object(header_), 0, {pc_});
}

io_pin::io_pin() noexcept : worker_(nullptr) {
  if (events::installed() != nullptr) return;
  if (running_goroutine() == nullptr) return;
  worker* const here = this_worker();
  here->pin();
  worker_ = here;
}

io_pin::~io_pin() {
  if (worker_ == nullptr) return;
  SNAG_CHECK(this_worker() == worker_, "a goroutine parked while it started an operation");
  static_cast<worker*>(worker_)->unpin();
}

io_loop& process_loop(io_loop* (*make)()) {
  if (io_loop* made = the_loop.load(std::memory_order_acquire)) return *made;
  goroutine& self = current();
  io_loop* const made =
      make();  // the user's compiler made it: it locks, throws and is observed, so no lock here
  goroutine* proxy = nullptr;
  {
    const spin_lock lock(making);
    if (the_loop.load(std::memory_order_relaxed) == nullptr) {
      proxy = new_background_proxy(self);
      the_loop.store(made, std::memory_order_release);
    }
  }
  // One that came second is kept, unused: it has no virtual destructor, and happens once if ever.
  if (proxy != nullptr) start_thread(*proxy);
  return *the_loop.load(std::memory_order_acquire);
}

bool on_io_thread() noexcept { return own_batch != nullptr; }

bool io_pending() noexcept {
  const io_loop* const loop = the_loop.load(std::memory_order_acquire);
  // In this order: a batch is announced before the loop forgets what it came from.
  return loop != nullptr && (loop->pending() || batch_waits.load(std::memory_order_seq_cst));
}

void settle_io() noexcept {
  if (the_loop.load(std::memory_order_acquire) == nullptr || on_io_thread()) return;
  const std::uint32_t seen = turns.load(std::memory_order_seq_cst);
  const std::uint64_t one = 1;
  if (write(bell.load(std::memory_order_relaxed), &one, sizeof one) != sizeof one) return;
  while (turns.load(std::memory_order_seq_cst) == seen) futex_wait(turns, seen, nanoseconds::max());
}

int io_bell() noexcept {
  int fd = bell.load(std::memory_order_acquire);
  if (fd >= 0) return fd;
  fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) fatal("no descriptor for input and output");
  int none = -1;
  if (bell.compare_exchange_strong(none, fd, std::memory_order_acq_rel)) return fd;
  close(fd);
  return none;
}

void forget_io_in_child() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  making.unlock();  // whoever held it is gone
  bell.store(-1, std::memory_order_relaxed);
  the_loop.store(nullptr, std::memory_order_relaxed);
  batch_waits.store(false, std::memory_order_relaxed);
}

}  // namespace snag::detail
