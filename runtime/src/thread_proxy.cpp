// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/thread_proxy.h"

#include <dirent.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "runtime/census.h"
#include "runtime/src/bubble.h"
#include "runtime/src/futex.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/io.h"
#include "runtime/src/sanitizer.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/signals.h"
#include "runtime/src/thread_end.h"

namespace snag::detail {
namespace {

// Threads announced or seen that are neither parked in the runtime nor over.
constinit std::atomic<std::int64_t> acting{0};

// Thread ids that a look at /proc/self/task need not wonder about: the runtime's own, and living proxies'.
class known_threads {
 public:
  void add(pid_t tid) noexcept {
    spin_lock lock(mutex_);
    if (count_ < capacity) tids_[count_++] = tid;
  }
  void remove(pid_t tid) noexcept {
    spin_lock lock(mutex_);
    if (auto *end = tids_ + count_, *at = std::find(tids_, end, tid); at != end) *at = tids_[--count_];
  }
  void reset() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
    mutex_.unlock();  // whoever held it is gone
    count_ = 0;
  }
  bool contains(pid_t tid) noexcept {
    spin_lock lock(mutex_);
    return count_ == capacity || std::find(tids_, tids_ + count_, tid) != tids_ + count_;
  }

 private:
  static constexpr std::size_t capacity = 4096;
  spin_mutex mutex_;
  pid_t tids_[capacity] SNAG_GUARDED_BY(mutex_) = {};
  std::size_t count_ SNAG_GUARDED_BY(mutex_) = 0;
};
constinit known_threads known;

events::stack_bounds thread_bounds() noexcept {
  pthread_attr_t attributes;
  void* low = nullptr;
  std::size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return {};
  pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_destroy(&attributes);
  return {static_cast<std::byte*>(low), static_cast<std::byte*>(low) + size};
}

void drop(goroutine& proxy) noexcept {
  if (proxy.holders.fetch_sub(1, std::memory_order_acq_rel) == 1) goroutine_table::instance().release(&proxy);
}

struct proxy_ending : thread_ending {
  goroutine* proxy = nullptr;
};
[[gnu::tls_model("initial-exec")]] constinit thread_local proxy_ending own_proxy;

void end_proxy(thread_ending& e) noexcept {
  goroutine& ended = *std::exchange(static_cast<proxy_ending&>(e).proxy, nullptr);
  if (events::observer* o = events::listening()) o->on_ended(ended, {ended.stack.low, ended.stack.high});
  ended.alive.store(false, std::memory_order_release);
  known.remove(gettid());
  drop(ended);
  outsider_stopped();
}
[[gnu::tls_model("initial-exec")]] constinit thread_local goroutine* shadowed_proxy = nullptr;
[[gnu::tls_model("initial-exec")]] constinit thread_local int internal_depth = 0;

}  // namespace

void outsider_stopped() noexcept {
  if (acting.fetch_sub(1, std::memory_order_seq_cst) != 1) return;
  if (scheduler* home = peek_default_scheduler()) home->outsider_left();
}
void drop_outsider() noexcept { acting.fetch_sub(1, std::memory_order_seq_cst); }

[[gnu::noinline]] void act_as_proxy(goroutine& self) noexcept {
  acting.fetch_add(1, std::memory_order_seq_cst);
  shadowed_proxy = std::exchange(own_proxy.proxy, &self);
}
[[gnu::noinline]] void restore_proxy() noexcept { own_proxy.proxy = std::exchange(shadowed_proxy, nullptr); }
[[gnu::noinline]] goroutine* locked_goroutine() noexcept {
  goroutine* const g = own_proxy.proxy;
  return g != nullptr && g->kind == events::actor_kind::goroutine ? g : nullptr;
}

namespace {

goroutine& make_proxy(events::actor* parent, const void* pc) noexcept {
  goroutine& proxy = *goroutine_table::instance().allocate();
  proxy.id = parent == nullptr && gettid() == getpid()
                 ? events::goroutine_id::main
                 : static_cast<events::goroutine_id>(goroutine_table::take_ids(1));
  proxy.kind = events::actor_kind::thread;
  proxy.created_at = pc;
  proxy.parent = parent != nullptr ? parent->id : events::goroutine_id::none;
  proxy.holders.store(2, std::memory_order_relaxed);
  if (events::observer* o = events::listening()) o->on_created(proxy, parent, {pc});
  return proxy;
}

}  // namespace

goroutine* new_proxy(events::actor* parent, const void* pc) noexcept {
  acting.fetch_add(1, std::memory_order_seq_cst);
  return &make_proxy(parent, pc);
}

goroutine* new_background_proxy(goroutine& parent) noexcept {
  goroutine& proxy = make_proxy(&parent, nullptr);
  proxy.background = true;
  return &proxy;
}

void adopt_background_proxy(goroutine& proxy) noexcept {
  own_proxy.proxy = &proxy;
  proxy.alive.store(true, std::memory_order_release);
  if (events::observer* o = events::listening()) {
    const auto bounds = thread_bounds();
    proxy.stack = {bounds.low, bounds.high};
    o->on_started(proxy, bounds);
  }
}

[[gnu::noinline]] void adopt_proxy(goroutine& proxy) noexcept {
  if (std::exchange(own_proxy.proxy, &proxy) == nullptr) {
    own_proxy.run = end_proxy;
    at_thread_end(own_proxy);
  }
  known.add(gettid());
  proxy.alive.store(true, std::memory_order_release);
  if (events::observer* o = events::listening()) {
    const auto bounds = thread_bounds();
    proxy.stack = {bounds.low, bounds.high};
    o->on_started(proxy, bounds);
  }
}

void release_proxy(goroutine& proxy) noexcept { drop(proxy); }

void discard_proxy(goroutine& proxy) noexcept {
  if (events::observer* o = events::listening()) o->on_ended(proxy, {});
  drop(proxy);
  drop(proxy);
  outsider_stopped();
}

[[gnu::noinline]] goroutine& current_proxy() noexcept {
  if (own_proxy.proxy != nullptr) return *own_proxy.proxy;
  goroutine& proxy = *new_proxy(nullptr, nullptr);
  drop(proxy);  // nobody announced it: it goes with the thread
  adopt_proxy(proxy);
  return proxy;
}

void park_proxy(goroutine& self, void (*commit)(void*), void* argument, wait_reason reason) noexcept {
  self.waits_since.store(0, std::memory_order_relaxed);
  self.reason.store(reason, std::memory_order_relaxed);
  bubble_park inside{commit, argument, self.in_bubble};
  if (self.in_bubble != nullptr && self.in_bubble->parks_durably(self, reason))
    commit = bubble_park::run, argument = &inside;
  self.parked_frame = __builtin_frame_address(0);
  self.wake.store(0, std::memory_order_relaxed);
  const bool counts = !self.background;
  commit(argument);
  if (counts) outsider_stopped();
  while (self.wake.load(std::memory_order_acquire) == 0) futex_wait(self.wake, 0, nanoseconds::max());
}

void ready_proxy(goroutine& proxy) noexcept {
  proxy.reason.store(wait_reason::none, std::memory_order_relaxed);
  if (!proxy.background) acting.fetch_add(1, std::memory_order_seq_cst);
  // The thread may be gone as soon as it sees the word; the block stays readable, and a stray wake is
  // harmless.
  proxy.wake.store(1, std::memory_order_release);
  futex_wake(proxy.wake, 1);
}

bool known_outsider_acts() noexcept { return acting.load(std::memory_order_seq_cst) > 0; }

namespace {

// But the known threads.
outside beyond_known_threads() noexcept {
  if (io_pending()) return outside::may_act;
  settle_io();
  if (awaits_signals()) return outside::unknown;  // the handler may post a semaphore
  DIR* tasks = opendir("/proc/self/task");
  if (tasks == nullptr) return outside::none;
  int strangers = 0;
  while (const dirent* entry = readdir(tasks)) {
    if (entry->d_name[0] == '.') continue;
    if (!known.contains(static_cast<pid_t>(std::strtol(entry->d_name, nullptr, 10)))) ++strangers;
  }
  closedir(tasks);
  constexpr int of_the_sanitizer = SNAG_THREAD_SANITIZER;  // its background thread
  return strangers > of_the_sanitizer ? outside::unknown : outside::none;
}

}  // namespace

outside outsiders() noexcept { return known_outsider_acts() ? outside::may_act : beyond_known_threads(); }

void forget_other_threads() noexcept {
  known.reset();
  known.add(gettid());
  acting.store(own_proxy.proxy != nullptr ? 1 : 0, std::memory_order_relaxed);
}

const goroutine* proxy_of_this_thread() noexcept { return own_proxy.proxy; }

void register_internal_thread() noexcept { known.add(gettid()); }
void unregister_internal_thread() noexcept { known.remove(gettid()); }

[[gnu::noinline]] bool creating_internal_thread() noexcept { return internal_depth > 0; }
[[gnu::noinline]] internal_thread_scope::internal_thread_scope() noexcept { ++internal_depth; }
[[gnu::noinline]] internal_thread_scope::~internal_thread_scope() { --internal_depth; }

}  // namespace snag::detail

namespace snag::events {

bool outside_may_act() noexcept {
  using namespace snag::detail;
  scheduler* const home = peek_default_scheduler();
  return beyond_known_threads() != outside::none || (home != nullptr && home->timers_pending());
}

}  // namespace snag::events
