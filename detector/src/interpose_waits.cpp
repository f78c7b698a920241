// SPDX-License-Identifier: Apache-2.0
// What the kernel orders without handing data over: that a descriptor is ready for reading, a lock of a file.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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

// Who finds a descriptor ready, or closed at the other end, comes after what made it so.
template <class Call>
int polled(pollfd* descriptors, nfds_t count, Call real) {
  const int n = wait_in_kernel(real);
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
  const int n = wait_in_kernel(real);
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

// Record locks belong to processes or open files, and order what is done under them all the same.
bool takes_record_lock(int command) {
  return command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW;
}
int file_control(int fd, int command, void* argument) {
  if (!watching()) return libc_fcntl64(fd, command, argument);
  const auto* const lock = takes_record_lock(command) ? static_cast<const struct flock*>(argument) : nullptr;
  if (lock != nullptr && lock->l_type == F_UNLCK) tell_sent(lock_of(fd));
  const int result = wait_in_kernel([=] { return libc_fcntl64(fd, command, argument); });
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
  const int result = wait_in_kernel([=] { return libc_flock(fd, operation); });
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

}  // extern "C"
