// SPDX-License-Identifier: Apache-2.0
// What the kernel orders without handing data over: that a descriptor is ready for reading, a lock of a file,
// a signal that is sent and waited for.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detector/src/call_checks.h"
#include "detector/src/interpose_io.h"
#include "detector/src/libc_function.h"

namespace snag::detector {
namespace {

SNAG_LIBC(poll);
SNAG_LIBC(ppoll);
SNAG_LIBC(select);
SNAG_LIBC(pselect);
SNAG_LIBC(flock);
constinit libc_function<int(int, int, void*)> libc_fcntl64("fcntl64");
SNAG_LIBC(kill);
SNAG_LIBC(pthread_kill);
SNAG_LIBC(sigqueue);
SNAG_LIBC(pthread_sigqueue);
SNAG_LIBC(sigwait);
SNAG_LIBC(sigwaitinfo);
SNAG_LIBC(sigtimedwait);
SNAG_LIBC(sigsuspend);
SNAG_LIBC(pause);

// Who finds a descriptor ready, or closed at the other end, comes after what made it so.
template <class Call>
int polled(pollfd* descriptors, nfds_t count, Call real) {
  const int n = real();
  if (n < 0 || !watching()) return n;
  call_checks checks;
  for (nfds_t i = 0; i < count; ++i) {
    pollfd& d = descriptors[i];
    checks.reads(&d.fd, sizeof d.fd + sizeof d.events).writes(&d.revents, sizeof d.revents);
    if (d.fd < 0 || d.revents == 0) continue;
    if ((d.revents & POLLHUP) != 0)
      tell_end_met(sources_of(d.fd));
    else if ((d.revents & (POLLIN | POLLRDNORM | POLLPRI)) != 0)
      tell_received(sources_of(d.fd));
  }
  return n;
}

template <class Call>
int selected(int limit, const fd_set* readable, Call real) {
  const int n = real();
  if (n <= 0 || readable == nullptr || !watching()) return n;
  for (int fd = 0; fd < limit; ++fd)
    if (FD_ISSET(fd, readable)) tell_received(sources_of(fd));
  return n;
}

// The lock of a file, whichever descriptor it is taken by.
kernel_channel lock_of(int fd) noexcept {
  struct stat file;
  const int saved = errno;
  const bool known = fstat(fd, &file) == 0;
  errno = saved;
  constexpr std::uint64_t locks = 0x6c6f636bULL << 32;
  return known ? kernel_channel{locks ^ file.st_dev, file.st_ino} : kernel_channel{};
}

kernel_channel signal_channel(int number) noexcept {
  constexpr std::uint64_t signals = 0x7369676eULL << 32;
  return {signals, static_cast<std::uint64_t>(number)};
}

template <class Call>
int sent(int number, Call real) {
  if (number != 0 && watching()) tell_sent(signal_channel(number));
  return real();
}
void received(int number) {
  if (number > 0 && watching()) tell_received({signal_channel(number), {}});
}

// Record locks belong to processes or open files, and order what is done under them all the same.
bool takes_record_lock(int command) {
  return command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW;
}
int file_control(int fd, int command, void* argument) {
  if (!watching()) return libc_fcntl64(fd, command, argument);
  const auto* const lock = takes_record_lock(command) ? static_cast<const struct flock*>(argument) : nullptr;
  if (lock != nullptr && lock->l_type == F_UNLCK) tell_sent(lock_of(fd));
  const int result = libc_fcntl64(fd, command, argument);
  if (result < 0) return result;
  if (lock != nullptr && lock->l_type != F_UNLCK) tell_received({lock_of(fd), {}});
  if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) note_duplicate(fd, result);
  return result;
}

}  // namespace

void resolve_wait_functions() noexcept {
  libc_poll.resolve();
  libc_ppoll.resolve();
  libc_select.resolve();
  libc_pselect.resolve();
  libc_flock.resolve();
  libc_fcntl64.resolve();
  libc_kill.resolve();
  libc_pthread_kill.resolve();
  libc_sigqueue.resolve();
  libc_pthread_sigqueue.resolve();
  libc_sigwait.resolve();
  libc_sigwaitinfo.resolve();
  libc_sigtimedwait.resolve();
  libc_sigsuspend.resolve();
  libc_pause.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

int poll(pollfd* descriptors, nfds_t count, int timeout) {
  return polled(descriptors, count, [&] { return libc_poll(descriptors, count, timeout); });
}
int ppoll(pollfd* descriptors, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  return polled(descriptors, count, [&] { return libc_ppoll(descriptors, count, timeout, mask); });
}
int select(int limit, fd_set* readable, fd_set* writable, fd_set* failed, timeval* timeout) {
  return selected(limit, readable, [&] { return libc_select(limit, readable, writable, failed, timeout); });
}
int pselect(int limit, fd_set* readable, fd_set* writable, fd_set* failed, const timespec* timeout,
            const sigset_t* mask) {
  return selected(limit, readable,
                  [&] { return libc_pselect(limit, readable, writable, failed, timeout, mask); });
}

int flock(int fd, int operation) noexcept {
  if ((operation & LOCK_UN) != 0 && watching()) tell_sent(lock_of(fd));
  const int result = libc_flock(fd, operation);
  if (result == 0 && (operation & LOCK_UN) == 0 && watching()) tell_received({lock_of(fd), {}});
  return result;
}

int fcntl64(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return file_control(fd, command, argument);
}
[[gnu::alias("fcntl64")]] int fcntl(int fd, int command, ...);  // on x86-64 they are one

int kill(pid_t process, int number) noexcept {
  return sent(number, [=] { return libc_kill(process, number); });
}
int pthread_kill(pthread_t thread, int number) noexcept {
  return sent(number, [=] { return libc_pthread_kill(thread, number); });
}
int sigqueue(pid_t process, int number, const sigval value) noexcept {
  return sent(number, [=] { return libc_sigqueue(process, number, value); });
}
int pthread_sigqueue(pthread_t thread, int number, const sigval value) noexcept {
  return sent(number, [=] { return libc_pthread_sigqueue(thread, number, value); });
}

int sigwait(const sigset_t* set, int* number) {
  const int error = libc_sigwait(set, number);
  if (error == 0) received(*number);
  return error;
}
int sigwaitinfo(const sigset_t* set, siginfo_t* info) {
  const int number = libc_sigwaitinfo(set, info);
  received(number);
  return number;
}
// Whichever signal it was that a handler was called for.
int sigsuspend(const sigset_t* blocked) {
  const int result = libc_sigsuspend(blocked);
  for (int number = 1; number < NSIG; ++number)
    if (sigismember(blocked, number) == 0) received(number);
  return result;
}
int pause() {
  const int result = libc_pause();
  for (int number = 1; number < NSIG; ++number) received(number);
  return result;
}
int sigtimedwait(const sigset_t* set, siginfo_t* info, const timespec* timeout) {
  const int number = libc_sigtimedwait(set, info, timeout);
  received(number);
  return number;
}

}  // extern "C"
