// SPDX-License-Identifier: Apache-2.0
// signal, sigaction. The program's handlers are called by ours: outside the detector (deferred_signals.h),
// and after what their signal orders. Queries answer what the program set.
//
// The default action of a fatal signal, as far as the program can tell, is ours, too: a crash logger that
// resets the signal in its handler and raises it again must not take the findings along. Handlers that are to
// be reset when called (SA_RESETHAND) are then reset by us.
#include <errno.h>
#include <signal.h>

#include <atomic>

#include "detector/src/crash.h"
#include "detector/src/ending.h"
#include "detector/src/internal_memory.h"
#include "detector/src/interpose.h"
#include "detector/src/kernel_wait.h"
#include "detector/src/raw_io.h"
#include "detector/src/signal_channels.h"

namespace snag::detector {
namespace {

// What the program set. Never freed, since a handler may be about to read it: sets of the same share it.
struct program_action {
  struct sigaction action;
  const program_action* older;
};

// What stands in for the default action: our handler, or the runtime's in front of it. Found in place when
// the program first sets the signal, since the runtime installs its own late.
struct signal_state {
  std::atomic<bool> default_is_in_place{false};
  std::atomic<bool> stand_in_known{false};
  struct sigaction stand_in{};
  std::atomic<const program_action*> known{nullptr};    // all that were set
  std::atomic<const program_action*> present{nullptr};  // while our `deliver` is installed
};
constinit signal_state states[NSIG];

bool has_flag(const struct sigaction& a, unsigned flag) {
  return (static_cast<unsigned>(a.sa_flags) & flag) != 0;
}
bool is_handler(const struct sigaction& a) {
  return has_flag(a, SA_SIGINFO) || (a.sa_handler != SIG_DFL && a.sa_handler != SIG_IGN);
}
bool is_default(const struct sigaction& a) { return a.sa_handler == SIG_DFL; }
bool same(const struct sigaction& a, const struct sigaction& b) {
  return a.sa_sigaction == b.sa_sigaction && a.sa_flags == b.sa_flags &&
         bits_of(a.sa_mask) == bits_of(b.sa_mask);
}

// Without a lock: handlers may call sigaction, too.
const program_action* kept(signal_state& s, const struct sigaction& action) {
  const program_action* first = s.known.load(std::memory_order_acquire);
  for (const program_action* p = first; p; p = p->older)
    if (same(p->action, action)) return p;
  auto* const fresh = internal_new<program_action>(action, first);
  while (!s.known.compare_exchange_weak(first, fresh, std::memory_order_acq_rel)) fresh->older = first;
  return fresh;
}

void put_default(int number) {
  signal_state& s = states[number];
  if (!s.stand_in_known.load(std::memory_order_acquire)) s.stand_in = fatal_action();
  real_sigaction(number, &s.stand_in, nullptr);
  s.default_is_in_place.store(true, std::memory_order_relaxed);
}

bool stands_in(int number) { return is_fatal_signal(number) && is_own_process(); }

void call_program(int number, siginfo_t* info, void* context) {
  const struct sigaction& user = states[number].present.load(std::memory_order_acquire)->action;
  const int saved_errno = errno;
  if (has_flag(user, SA_RESETHAND) && stands_in(number)) put_default(number);
  tell_signal_received(*info);
  const kernel_wait_interrupted runs;
  errno = saved_errno;
  if (has_flag(user, SA_SIGINFO))
    user.sa_sigaction(number, info, context);
  else
    user.sa_handler(number);
}

// By an instruction, or by abort: whoever caused it cannot go on without the handler.
bool cannot_wait(int number, const siginfo_t& info) {
  switch (number) {
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGTRAP:
    case SIGSYS:
      return info.si_code > 0;
    case SIGABRT:
      return info.si_code == SI_TKILL && info.si_pid == raw_pid();
    default:
      return false;
  }
}

void deliver(int number, siginfo_t* info, void* context) {
  const signal_bits blocked = bits_of(states[number].present.load(std::memory_order_acquire)->action.sa_mask);
  if (!cannot_wait(number, *info) && defer_signal(number, *info, context, blocked, call_program, false))
    return;
  call_program(number, info, context);
}

int install(int number, const struct sigaction& wanted) {
  signal_state& s = states[number];
  const bool ours = stands_in(number);
  if (ours && is_default(wanted)) {
    put_default(number);
    return 0;
  }
  struct sigaction action = wanted;
  const program_action* const before = s.present.load(std::memory_order_relaxed);
  if (is_handler(wanted)) {
    s.present.store(kept(s, wanted), std::memory_order_release);
    action.sa_sigaction = deliver;
    unsigned flags = static_cast<unsigned>(wanted.sa_flags) | SA_SIGINFO;
    if (ours) flags &= ~static_cast<unsigned>(SA_RESETHAND);
    action.sa_flags = static_cast<int>(flags);
  }
  if (real_sigaction(number, &action, nullptr) != 0) {
    s.present.store(before, std::memory_order_release);
    return -1;
  }
  if (ours) s.default_is_in_place.store(false, std::memory_order_relaxed);
  return 0;
}

int change(int number, const struct sigaction* wanted, struct sigaction* old) {
  if (!interposers_open() || number < 1 || number >= NSIG) return real_sigaction(number, wanted, old);
  signal_state& s = states[number];
  struct sigaction present{};
  if (real_sigaction(number, nullptr, &present) != 0) return -1;
  const bool was_default = stands_in(number) && s.default_is_in_place.load(std::memory_order_relaxed);
  if (was_default && wanted && !s.stand_in_known.load(std::memory_order_relaxed)) {
    s.stand_in = present;
    s.stand_in_known.store(true, std::memory_order_release);
  }
  if (was_default)
    present = {};
  else if (present.sa_sigaction == deliver)
    present = s.present.load(std::memory_order_acquire)->action;
  if (wanted && install(number, *wanted) != 0) return -1;
  if (old) *old = present;
  return 0;
}

sighandler_t change(int number, sighandler_t handler, unsigned flags, bool blocks_itself) {
  struct sigaction wanted{}, old{};
  wanted.sa_handler = handler;
  wanted.sa_flags = static_cast<int>(flags);
  if (handler == SIG_ERR) return errno = EINVAL, SIG_ERR;
  if (blocks_itself && sigaddset(&wanted.sa_mask, number) != 0) return SIG_ERR;
  return change(number, &wanted, &old) == 0 ? old.sa_handler : SIG_ERR;
}

}  // namespace

void note_fatal_handler_installed(int number) noexcept { states[number].default_is_in_place.store(true); }

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

int sigaction(int number, const struct sigaction* wanted, struct sigaction* old) noexcept {
  return change(number, wanted, old);
}
sighandler_t signal(int number, sighandler_t handler) noexcept {
  return change(number, handler, SA_RESTART, true);
}
sighandler_t bsd_signal(int number, sighandler_t handler) noexcept { return signal(number, handler); }
sighandler_t ssignal(int number, sighandler_t handler) noexcept { return signal(number, handler); }
sighandler_t __sysv_signal(int number, sighandler_t handler) noexcept {
  return change(number, handler, SA_RESETHAND | SA_NODEFER, false);
}
sighandler_t sysv_signal(int number, sighandler_t handler) noexcept { return __sysv_signal(number, handler); }
}
