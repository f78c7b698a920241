// SPDX-License-Identifier: Apache-2.0
#include "detector/src/thread_state.h"

#include <asm/prctl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "detector/src/raw_signals.h"
#include "detector/src/world.h"

namespace snag::detector {

namespace detail {
constinit spin_lock threads_lock;
constinit thread_state* all_threads = nullptr;
}  // namespace detail

constinit const hooks::frame thread_state::trusted_frame::nowhere;
constinit const hooks::site thread_state::trusted_frame::no_call;

namespace {

constinit std::size_t tls_size = 0;  // of the static block, the same for all threads

bool is_buried(int tid) {
  const int saved = errno;
  const bool gone = syscall(SYS_tgkill, getpid(), tid, 0) != 0 && errno == ESRCH;
  errno = saved;
  return gone;
}

thread_state* new_thread_state() noexcept {
  spin_guard guard(detail::threads_lock);
  for (thread_state* t = detail::all_threads; t; t = t->next) {
    if (!t->ended || !is_buried(t->tid)) continue;
    t->ended = false;
    return t;
  }
  constexpr std::size_t alignment = alignof(thread_state);
  const auto block = reinterpret_cast<std::uintptr_t>(internal_allocate(sizeof(thread_state) + alignment));
  auto* t = ::new (reinterpret_cast<void*>((block + alignment - 1) & ~(alignment - 1)))
      thread_state;  // never released
  t->next = detail::all_threads;
  detail::all_threads = t;
  return t;
}

thread_state& attach() noexcept {
  // Until gs is ours, hooks would act on the creator's state: let no signal handler in. (libc's sigprocmask
  // would let its own signals through from then on, which its thread for timers waits for.)
  const signal_bits before = exchange_signal_mask(all_signals);
  thread_state* const t = new_thread_state();
  t->hot.self = &t->hot;
  t->hot.top = nullptr;
  close_window(*t);
  t->inside.store(0, std::memory_order_relaxed);
  t->internal_scopes = 0;
  t->kernel_wait.store(nullptr, std::memory_order_relaxed);
  t->deferred.prepare();
  t->thread_pointer = __builtin_thread_pointer();
  t->tid = static_cast<int>(syscall(SYS_gettid));
  t->blocks.serve_this_thread();
  t->actor = nullptr;
  t->acts = nullptr;
  t->first = t->anonymous = t->runs_actors = false;
  t->final_clock = {};
  t->gained = {};
  t->static_tls_high = reinterpret_cast<std::uint64_t>(t->thread_pointer);
  t->static_tls_low = t->static_tls_high - tls_size;
  t->turns.clear();
  if (syscall(SYS_arch_prctl, ARCH_SET_GS, t) != 0)
    internal_fatal("the kernel refuses a gs base to a thread (arch_prctl)");
  exchange_signal_mask(before);
  return *t;
}

}  // namespace

thread_state& detail::attach_unknown_thread() noexcept {
  thread_state& fresh = attach();
  fresh.anonymous = true;  // its actor is made when it first does something
  thread_started();
  return fresh;
}

void prepare_first_thread() noexcept {
  tls_size = static_tls_size();
  thread_state& t = attach();
  t.first = t.anonymous = true;
}

quarantine_lane& this_threads_quarantine() noexcept { return this_thread().freed; }

void retire(thread_state& t) noexcept {
  spin_guard guard(detail::threads_lock);
  t.ended = true;
}

void forget_other_threads() noexcept {
  thread_state* const self = &detail::at_gs();
  self->tid = static_cast<int>(syscall(SYS_gettid));
  self->deferred.forget_after_fork();
  for_each_thread([&](thread_state& t) {
    if (&t == self) return;
    t.inside.store(0, std::memory_order_relaxed);
    t.ended = true;
  });
}

void mount(thread_state& t, actor_state& a) noexcept {
  t.runs_actors = true;
  t.actor = &a;
  a.mounted = &t;
  t.orders.forget();
  t.trusted = {};
  t.hot.top = a.saved_top;
  t.hot.epoch = a.now().time;
  const bool window_stands = a.saved_window_time == a.now().time && a.saved_window_sweep == world.sweeps();
  close_window(t);
  if (!window_stands) return;
  t.hot.window_base = a.saved_window_base;
  t.hot.window_span = a.saved_window_span;
}

void unmount(thread_state& t) noexcept {
  actor_state* const a = t.actor;
  if (!a) return;
  a->saved_top = t.hot.top;
  // Somebody may already act for the actor that parks here: the time is read before the span, and a tick
  // empties the window before it advances the time, so an old window never gets a new time.
  a->saved_window_time = a->now().time;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  a->saved_window_base = t.hot.window_base;
  a->saved_window_span = t.hot.window_span;
  a->saved_window_sweep = world.sweeps();
  a->mounted = nullptr;
  t.actor = nullptr;
  t.hot.top = nullptr;
  close_window(t);
}

}  // namespace snag::detector
