// SPDX-License-Identifier: Apache-2.0
#include "detector/src/signal_channels.h"

#include "detector/src/raw_io.h"

namespace snag::detector {
namespace {

void tell_sent_to_this_thread(int number) {
  on_received(to_thread(number, pthread_self()));
  on_received(to_thread_number(number, raw_tid()));
}

bool is_of_interval(int number) { return number == SIGALRM || number == SIGVTALRM || number == SIGPROF; }

}  // namespace

void tell_signal_received(const siginfo_t& info) noexcept {
  const int number = info.si_signo;
  switch (info.si_code) {
    case SI_TIMER:
      return on_received(of_timer(static_cast<std::uint32_t>(info.si_timerid)));
    case SI_USER:
    case SI_TKILL:
    case SI_QUEUE:
      if (info.si_pid != raw_pid()) return on_received(of_outside());
      if (info.si_code != SI_USER) tell_sent_to_this_thread(number);
      if (info.si_code != SI_TKILL) on_received(to_process(number));
      return;
    default:
      if (number == SIGCHLD)
        on_received(of_outside());
      else if (info.si_code == SI_KERNEL && is_of_interval(number))
        on_received(of_interval(number));
  }
}

}  // namespace snag::detector
