// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/signal_relay.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "runtime/src/fatal.h"
#include "runtime/src/futex.h"
#include "runtime/src/leaked.h"
#include "runtime/src/signals.h"
#include "snag/panic.h"
#include "snag/signal.h"

// glibc's other name for sigaction: an observer may stand before that one, to answer what the program set.
extern "C" int __sigaction(int, const struct sigaction*, struct sigaction*) noexcept;

namespace snag::detail {
namespace {

constinit leaked<signal_relay> relay;

// Those that the program's own instructions raise.
bool is_fault(int number, const siginfo_t& info) noexcept {
  const bool can_be =
      number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL || number == SIGTRAP;
  return can_be && info.si_code > 0;
}

// 32 and 33 are glibc's own: cancellation and setuid.
bool can_be_caught(int number) noexcept {
  return number != SIGKILL && number != SIGSTOP && number != 32 && number != 33;
}

}  // namespace

signal_relay& signal_relay::instance() noexcept { return relay.get(); }

std::uint64_t signal_relay::mask_of(std::span<const int> signals) noexcept {
  std::uint64_t mask = 0;
  if (signals.empty()) {
    for (int n = 1; n <= last_signal; ++n)
      if (can_be_caught(n)) mask |= bit(n);
  }
  for (const int n : signals)
    if (n >= 1 && n <= last_signal && can_be_caught(n)) mask |= bit(n);
  return mask;
}

// --- In the handler: async-signal-safe, no locks.

void signal_relay::on_signal(int number, siginfo_t* info,
                             void* context) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  signal_relay& self = instance();
  if (is_fault(number, *info)) return pass_on_signal(self.original_[number], number, info, context);
  const int saved_errno = errno;
  self.handling_.fetch_add(1, std::memory_order_seq_cst);
  if ((self.wanted_.load(std::memory_order_seq_cst) & bit(number)) != 0) {
    self.caught_.fetch_or(bit(number), std::memory_order_seq_cst);
    self.ring();
  }
  self.handling_.fetch_sub(1, std::memory_order_seq_cst);
  errno = saved_errno;
}

void signal_relay::ring() noexcept {
  bell_.fetch_add(1, std::memory_order_release);
  futex_wake(bell_, 1);
}

// --- What signals do.

void signal_relay::enable(int number) noexcept {
  if ((wanted_.load(std::memory_order_relaxed) & bit(number)) != 0) return;
  caught_.fetch_and(~bit(number), std::memory_order_seq_cst);
  wanted_.fetch_or(bit(number), std::memory_order_seq_cst);
  struct sigaction ours{}, before{};
  ours.sa_sigaction = &on_signal;
  ours.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigfillset(&ours.sa_mask);
  if ((changed_ & bit(number)) == 0) {  // before ours can run: it may have to pass a fault on
    if (__sigaction(number, nullptr, &before) != 0) return;
    original_[number] = before;
    changed_ |= bit(number);
  }
  __sigaction(number, &ours, nullptr);
}

void signal_relay::disable(int number) noexcept {
  wanted_.fetch_and(~bit(number), std::memory_order_seq_cst);
  if ((changed_ & bit(number)) == 0) return;
  changed_ &= ~bit(number);
  __sigaction(number, &original_[number], nullptr);
}

void signal_relay::disable_unwanted(std::uint64_t candidates) noexcept {
  for (const registration& r : registered_) candidates &= ~r.wanted;
  for (int n = 1; n <= last_signal; ++n)
    if ((candidates & bit(n)) != 0) disable(n);
}

void signal_relay::notify(const send_chan<int>& c, std::span<const int> signals) {
  const std::uint64_t mask = mask_of(signals);
  if (mask == 0) return;
  goroutine* woken = nullptr;
  {
    const spin_lock lock(mutex_);
    const auto known = std::find_if(registered_.begin(), registered_.end(),
                                    [&](const registration& r) { return r.to == c; });
    if (known != registered_.end())
      known->wanted |= mask;
    else
      registered_.push_back({c, mask});
    if (thread_ == nullptr)
      start_thread();
    else if (std::exchange(parked_, false))
      woken = thread_;
    for (int n = 1; n <= last_signal; ++n)
      if ((mask & bit(n)) != 0) enable(n);
  }
  if (woken != nullptr) ready(*woken);
}

void signal_relay::stop(const send_chan<int>& c) {
  stopping self{&current(), {nullptr, 0}, nullptr};
  mutex_.lock();
  const auto known =
      std::find_if(registered_.begin(), registered_.end(), [&](const registration& r) { return r.to == c; });
  if (known == registered_.end()) return mutex_.unlock();
  self.what = std::move(*known);
  registered_.erase(known);
  disable_unwanted(self.what.wanted);
  // Somebody's handler may be at work: what it has caught still goes to c.
  self.next = std::exchange(stopping_, &self);
  ring();
  park(mutex_, wait_reason::none);
}

void signal_relay::withdraw(std::span<const int> signals, action what) {
  const std::uint64_t mask = mask_of(signals);
  const spin_lock lock(mutex_);
  for (registration& r : registered_) r.wanted &= ~mask;
  std::erase_if(registered_, [](const registration& r) { return r.wanted == 0; });
  for (int n = 1; n <= last_signal; ++n) {
    if ((mask & bit(n)) == 0) continue;
    if (what == action::reset) {
      disable(n);
      continue;
    }
    wanted_.fetch_and(~bit(n), std::memory_order_seq_cst);
    struct sigaction nothing{}, before{};
    nothing.sa_handler = SIG_IGN;
    if (__sigaction(n, &nothing, &before) != 0) continue;
    if ((changed_ & bit(n)) == 0) original_[n] = before;
    changed_ |= bit(n);
  }
  ring();  // it may be that nobody is registered any more
}

bool signal_relay::ignored(int number) noexcept {
  struct sigaction now{};
  if (number < 1 || number > last_signal || __sigaction(number, nullptr, &now) != 0) return false;
  return (now.sa_flags & SA_SIGINFO) == 0 && now.sa_handler == SIG_IGN;
}

// --- The thread.

void signal_relay::start_thread() noexcept {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 << 10);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  thread_ = new_proxy(&current(), nullptr);
  {
    const without_signals quiet;  // its own work is not to be interrupted
    const internal_thread_scope internal;
    pthread_t id;
    const int error = pthread_create(
        &id, &attributes,
        [](void* proxy) -> void* {
          adopt_proxy(*static_cast<goroutine*>(proxy));
          instance().run();
        },
        thread_);
    if (error != 0) out_of_memory("no thread to relay signals");
  }
  release_proxy(*thread_);
  pthread_attr_destroy(&attributes);
}

void signal_relay::run() SNAG_NO_THREAD_SAFETY_ANALYSIS {
  for (;;) {
    const std::uint32_t seen = bell_.load(std::memory_order_acquire);
    mutex_.lock();
    stopping* leaving = std::exchange(stopping_, nullptr);
    mutex_.unlock();
    // Handlers that began before somebody stopped listening are about to say what they caught.
    if (leaving != nullptr)
      while (handling_.load(std::memory_order_seq_cst) != 0) sched_yield();
    relay_once(leaving);
    while (leaving != nullptr) ready(*std::exchange(leaving, leaving->next)->who);
    mutex_.lock();
    if (registered_.empty() && stopping_ == nullptr) {
      parked_ = true;
      park(mutex_, wait_reason::none);
    } else {
      mutex_.unlock();
      futex_wait(bell_, seen, nanoseconds::max());
    }
  }
}

// What was caught, and who is to have it, are looked at together: whoever registers later gets later signals.
void signal_relay::relay_once(stopping* leaving) {
  std::vector<registration> to;
  std::uint64_t caught;
  {
    const spin_lock lock(mutex_);
    caught = caught_.exchange(0, std::memory_order_seq_cst);
    if (caught == 0) return;
    to = registered_;
    for (; leaving != nullptr; leaving = leaving->next) to.push_back(leaving->what);
  }
  for (int n = 1; n <= last_signal; ++n) {
    if ((caught & bit(n)) == 0) continue;
    for (const registration& r : to)
      if ((r.wanted & bit(n)) != 0) r.to.try_send(n);
  }
}

void signal_relay::before_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS { instance().mutex_.lock(); }

void signal_relay::after_fork(bool in_child) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  signal_relay& self = instance();
  if (in_child) {
    self.thread_ = nullptr;
    self.parked_ = false;
    self.stopping_ = nullptr;
    self.handling_.store(0);
    if (!self.registered_.empty()) self.start_thread();
  }
  self.mutex_.unlock();
}

// --- The library functions of snag/signal.h.

void notify_signals(const send_chan<int>& c, std::span<const int> signals) {
  schedule_point();
  if (c == nullptr) panic("os/signal: Notify using nil channel");
  signal_relay::instance().notify(c, signals);
}
void stop_signals(const send_chan<int>& c) {
  schedule_point();
  if (c != nullptr) signal_relay::instance().stop(c);
}
void ignore_signals(std::span<const int> signals) {
  schedule_point();
  signal_relay::instance().withdraw(signals, signal_relay::action::ignore);
}
void reset_signals(std::span<const int> signals) {
  schedule_point();
  signal_relay::instance().withdraw(signals, signal_relay::action::reset);
}

}  // namespace snag::detail

namespace snag {

bool signal_ignored(int signal) { return detail::signal_relay::instance().ignored(signal); }

std::string signal_name(int signal) {
  const char* const known = sigdescr_np(signal);
  if (known == nullptr) return "signal " + std::to_string(signal);
  std::string name(known);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name;
}

}  // namespace snag
