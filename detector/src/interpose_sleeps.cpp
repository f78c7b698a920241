// SPDX-License-Identifier: Apache-2.0
// Calls that do nothing but wait: for a time, or for a signal. They order nothing (what a signal brings is
// interpose_signals.cpp's); whoever stops the program leaves them alone (kernel_wait.h), since a signal of
// ours would end them early.
#include <signal.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include "detector/src/interpose.h"
#include "detector/src/kernel_wait.h"
#include "detector/src/libc_function.h"

namespace snag::detector {
namespace {

SNAG_LIBC(nanosleep);
SNAG_LIBC(clock_nanosleep);
SNAG_LIBC(usleep);
SNAG_LIBC(sleep);
SNAG_LIBC(thrd_sleep);
SNAG_LIBC(pause);
SNAG_LIBC(sigsuspend);

}  // namespace

void resolve_sleep_functions() noexcept {
  libc_nanosleep.resolve();
  libc_clock_nanosleep.resolve();
  libc_usleep.resolve();
  libc_sleep.resolve();
  libc_thrd_sleep.resolve();
  libc_pause.resolve();
  libc_sigsuspend.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

int nanosleep(const timespec* time, timespec* left) {
  return wait_in_kernel([=] { return libc_nanosleep(time, left); });
}
int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  return wait_in_kernel([=] { return libc_clock_nanosleep(clock, flags, time, left); });
}
int usleep(useconds_t microseconds) {
  return wait_in_kernel([=] { return libc_usleep(microseconds); });
}
unsigned sleep(unsigned seconds) {
  return wait_in_kernel([=] { return libc_sleep(seconds); });
}
int thrd_sleep(const timespec* time, timespec* left) {
  return wait_in_kernel([=] { return libc_thrd_sleep(time, left); });
}
int pause() {
  return wait_in_kernel([] { return libc_pause(); });
}
int sigsuspend(const sigset_t* mask) {
  return wait_in_kernel([=] { return libc_sigsuspend(mask); });
}

}  // extern "C"
