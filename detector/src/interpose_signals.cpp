// SPDX-License-Identifier: Apache-2.0
// The default action of a fatal signal, as far as the program can tell, is ours: a crash logger that resets
// the signal in its handler and raises it again must not take the findings along. Queries answer what the
// program believes: SIG_DFL. Handlers that are to be reset when called (SA_RESETHAND) are called through
// ours.
#include <errno.h>
#include <signal.h>

#include <atomic>

#include "detector/src/crash.h"
#include "detector/src/ending.h"
#include "detector/src/interpose.h"

namespace snag::detector {
namespace {

// What stands in for the default action: our handler, or the runtime's in front of it. Found in place when
// the program first sets the signal, since the runtime installs its own late.
struct signal_state {
  std::atomic<bool> default_is_in_place{false};
  std::atomic<bool> stand_in_known{false};
  struct sigaction stand_in{};
  struct sigaction once{};  // the program's, to be reset when called
};
constinit signal_state states[NSIG];

void put_default(int number) {
  signal_state& s = states[number];
  if (!s.stand_in_known.load(std::memory_order_acquire)) s.stand_in = fatal_action();
  real_sigaction(number, &s.stand_in, nullptr);
  s.default_is_in_place.store(true, std::memory_order_relaxed);
}

void call_once(int number, siginfo_t* info, void* context) {
  const struct sigaction user = states[number].once;
  put_default(number);
  if ((user.sa_flags & SA_SIGINFO) != 0)
    user.sa_sigaction(number, info, context);
  else
    user.sa_handler(number);
}

bool is_default(const struct sigaction& a) { return a.sa_handler == SIG_DFL; }

int change(int number, const struct sigaction* wanted, struct sigaction* old) {
  if (!interposers_open() || !is_fatal_signal(number) || !is_own_process())
    return real_sigaction(number, wanted, old);
  signal_state& s = states[number];
  struct sigaction present{};
  if (real_sigaction(number, nullptr, &present) != 0) return -1;
  const bool was_default = s.default_is_in_place.load(std::memory_order_relaxed);
  const struct sigaction once = s.once;
  if (wanted) {
    if (was_default && !s.stand_in_known.load(std::memory_order_relaxed)) {
      s.stand_in = present;
      s.stand_in_known.store(true, std::memory_order_release);
    }
    if (is_default(*wanted)) {
      put_default(number);
    } else {
      struct sigaction action = *wanted;
      if ((static_cast<unsigned>(action.sa_flags) & SA_RESETHAND) != 0 && action.sa_handler != SIG_IGN) {
        s.once = action;
        action.sa_sigaction = call_once;
        action.sa_flags =
            static_cast<int>((static_cast<unsigned>(action.sa_flags) & ~SA_RESETHAND) | SA_SIGINFO);
      }
      if (real_sigaction(number, &action, nullptr) != 0) return -1;
      s.default_is_in_place.store(false, std::memory_order_relaxed);
    }
  }
  if (old) *old = was_default ? (struct sigaction){} : present.sa_sigaction == call_once ? once : present;
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
