// SPDX-License-Identifier: Apache-2.0
// Asynchronous cancellation. libc acts on it in the handler of a signal of its own, which unwinds whatever it
// interrupted: inside the detector, that would leave locks behind. Ours stands before that handler from the
// first time that a thread asks to be cancelled so; what comes inside waits for the end of the hook
// (deferred_signals.h), where libc's handler decides again whether to act. A cancellation that waits for a
// cancellation point never meets us.
#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <atomic>

#include "detector/src/interpose.h"
#include "detector/src/libc_function.h"
#include "detector/src/raw_io.h"
#include "detector/src/raw_signals.h"

namespace snag::detector {
namespace {

SNAG_LIBC(pthread_create);
SNAG_LIBC(pthread_join);
SNAG_LIBC(pthread_cancel);
SNAG_LIBC(pthread_setcanceltype);

constexpr int cancel_signal = 32;  // glibc's SIGCANCEL, which its sigaction does not know

constinit kernel_action of_libc{};

// No frame of ours has anything to clean up when libc's handler unwinds it.
void on_cancellation(int number, siginfo_t* info, void* context) {
  if (!defer_signal(number, *info, context, of_libc.mask, of_libc.handler, true))
    of_libc.handler(number, info, context);
}

// libc installs its handler when a thread that lives is cancelled for the first time.
void have_libc_install_its_handler() {
  std::atomic<bool> over{false};
  const auto wait = [](void* end) -> void* {
    while (!static_cast<std::atomic<bool>*>(end)->load(std::memory_order_acquire)) sched_yield();
    return nullptr;
  };
  pthread_t thread;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  if (libc_pthread_create(&thread, nullptr, wait, &over) == 0) {
    libc_pthread_cancel(thread);
    over.store(true, std::memory_order_release);
    libc_pthread_join(thread, nullptr);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void stand_before_cancellations() {
  enum { not_yet, under_way, done };
  static constinit std::atomic<int> state{not_yet};
  int expected = not_yet;
  if (state.load(std::memory_order_acquire) == done) return;
  if (!state.compare_exchange_strong(expected, under_way, std::memory_order_acq_rel)) {
    while (state.load(std::memory_order_acquire) != done) sched_yield();
    return;
  }
  have_libc_install_its_handler();
  if (kernel_sigaction(cancel_signal, nullptr, &of_libc) && of_libc.handler != nullptr) {
    kernel_action ours = of_libc;
    ours.handler = on_cancellation;
    kernel_sigaction(cancel_signal, &ours, nullptr);
  }
  state.store(done, std::memory_order_release);
}

}  // namespace
}  // namespace snag::detector

extern "C" int pthread_setcanceltype(int type, int* old) {
  using namespace snag::detector;
  if (type == PTHREAD_CANCEL_ASYNCHRONOUS && interposers_open()) stand_before_cancellations();
  return libc_pthread_setcanceltype(type, old);
}
