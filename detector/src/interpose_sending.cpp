// SPDX-License-Identifier: Apache-2.0
// Sending signals, setting what will send one, and receiving them without a handler: what came before
// happens before what follows.
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "detector/src/interpose_io.h"
#include "detector/src/libc_function.h"
#include "detector/src/raw_io.h"
#include "detector/src/signal_channels.h"

namespace snag::detector {
namespace {

SNAG_LIBC(kill);
SNAG_LIBC(killpg);
SNAG_LIBC(tgkill);
SNAG_LIBC(pthread_kill);
SNAG_LIBC(sigqueue);
SNAG_LIBC(pthread_sigqueue);
SNAG_LIBC(setitimer);
SNAG_LIBC(alarm);
SNAG_LIBC(ualarm);
SNAG_LIBC(sigwaitinfo);
SNAG_LIBC(sigtimedwait);
SNAG_LIBC(signalfd);

void sending(kernel_channel to) noexcept {
  if (watching()) on_sent(to);
}
// A group of processes may hold our own.
void sending_to(pid_t process, int number) noexcept {
  if (number == 0) return;
  if (process <= 0 || process == raw_pid()) sending(to_process(number));
  if (process != raw_pid()) sending(of_outside());
}

// `take` waits, and says which signal it was.
template <class Take>
int received(siginfo_t* wanted, Take take) {
  siginfo_t info;
  const int number = wait_in_kernel([&] { return take(&info); });
  if (number <= 0) return number;
  if (watching()) {
    tell_signal_received(info);
    if (info.si_code == SI_USER) {  // libc says so of SI_TKILL, too (glibc, sigtimedwait.c)
      siginfo_t folded = info;
      folded.si_code = SI_TKILL;
      tell_signal_received(folded);
    }
  }
  if (wanted) *wanted = info;
  return number;
}

}  // namespace

void tell_signals_read(const iovec* pieces, std::size_t count, std::size_t bytes) noexcept {
  signalfd_siginfo read;
  std::size_t have = 0;
  for (std::size_t i = 0; i < count && bytes != 0; ++i) {
    const auto* from = static_cast<const char*>(pieces[i].iov_base);
    for (std::size_t left = std::min(bytes, pieces[i].iov_len); left != 0;) {
      const std::size_t n = std::min(left, sizeof read - have);
      std::memcpy(reinterpret_cast<char*>(&read) + have, from, n);
      have += n, from += n, left -= n, bytes -= n;
      if (have != sizeof read) continue;
      have = 0;
      siginfo_t info{};
      info.si_signo = static_cast<int>(read.ssi_signo);
      info.si_code = read.ssi_code;
      if (info.si_code == SI_TIMER)
        info.si_timerid = static_cast<int>(read.ssi_tid);
      else
        info.si_pid = static_cast<pid_t>(read.ssi_pid);
      tell_signal_received(info);
    }
  }
}

void resolve_sending_functions() noexcept {
  libc_kill.resolve();
  libc_killpg.resolve();
  libc_tgkill.resolve();
  libc_pthread_kill.resolve();
  libc_sigqueue.resolve();
  libc_pthread_sigqueue.resolve();
  libc_setitimer.resolve();
  libc_alarm.resolve();
  libc_ualarm.resolve();
  libc_sigwaitinfo.resolve();
  libc_sigtimedwait.resolve();
  libc_signalfd.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

int kill(pid_t process, int number) noexcept {
  sending_to(process, number);
  return libc_kill(process, number);
}
int killpg(pid_t group, int number) noexcept {
  sending_to(-group, number);
  return libc_killpg(group, number);
}
int tgkill(pid_t process, pid_t thread, int number) {
  if (process != raw_pid())
    sending_to(process, number);
  else if (number != 0)
    sending(to_thread_number(number, thread));
  return libc_tgkill(process, thread, number);
}
int pthread_kill(pthread_t thread, int number) noexcept {
  if (number != 0) sending(to_thread(number, thread));
  return libc_pthread_kill(thread, number);
}
int sigqueue(pid_t process, int number, const sigval value) noexcept {
  sending_to(process, number);
  return libc_sigqueue(process, number, value);
}
int pthread_sigqueue(pthread_t thread, int number, const sigval value) noexcept {
  if (number != 0) sending(to_thread(number, thread));
  return libc_pthread_sigqueue(thread, number, value);
}

int setitimer(int which, const itimerval* value, itimerval* old) noexcept {
  if (which >= ITIMER_REAL && which <= ITIMER_PROF)
    sending(of_interval(which == ITIMER_REAL ? SIGALRM : which == ITIMER_VIRTUAL ? SIGVTALRM : SIGPROF));
  return libc_setitimer(which, value, old);
}
unsigned alarm(unsigned seconds) noexcept {
  sending(of_interval(SIGALRM));
  return libc_alarm(seconds);
}
useconds_t ualarm(useconds_t value, useconds_t interval) noexcept {
  sending(of_interval(SIGALRM));
  return libc_ualarm(value, interval);
}

int sigwaitinfo(const sigset_t* set, siginfo_t* info) {
  return received(info, [&](siginfo_t* out) { return libc_sigwaitinfo(set, out); });
}
int sigtimedwait(const sigset_t* set, siginfo_t* info, const timespec* timeout) {
  return received(info, [&](siginfo_t* out) { return libc_sigtimedwait(set, out, timeout); });
}
int sigwait(const sigset_t* set, int* number) {
  const int saved = errno;
  int taken;
  do {
    taken = received(nullptr, [&](siginfo_t* out) { return libc_sigwaitinfo(set, out); });
  } while (taken < 0 && errno == EINTR);
  const int error = taken < 0 ? errno : 0;
  errno = saved;
  if (error == 0) *number = taken;
  return error;
}

int signalfd(int fd, const sigset_t* set, int flags) noexcept {
  const int result = libc_signalfd(fd, set, flags);
  note_signal_descriptor(result, true);
  return result;
}

}  // extern "C"
