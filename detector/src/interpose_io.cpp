// SPDX-License-Identifier: Apache-2.0
// read and write on descriptors: the kernel writes and reads the user's buffer, at the user's call, and what
// was written is ordered before what reads it. close and eventfd_write count as writes: they wake readers. So
// does epoll_ctl: what it names may be handed to whoever waits.
#include "detector/src/interpose_io.h"

#include <fcntl.h>
#include <mqueue.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>

#include "detector/src/libc_function.h"

// glibc's own names for them: cancellation points, like the ones they stand for.
extern "C" {
ssize_t __read(int, void*, std::size_t);
ssize_t __write(int, const void*, std::size_t);
ssize_t __pread64(int, void*, std::size_t, off_t);
ssize_t __pwrite64(int, const void*, std::size_t, off_t);
int __close(int);
}

namespace snag::detector {

void check_filled(const iovec* pieces, std::size_t count, std::size_t bytes) noexcept {
  const auto* call = checked_call();
  for (std::size_t i = 0; call && i < count && bytes != 0; ++i) {
    const std::size_t n = std::min(bytes, pieces[i].iov_len);
    if (n != 0) __snag_write_range(pieces[i].iov_base, n, call);
    bytes -= n;
  }
}

void check_drained(const iovec* pieces, std::size_t count) noexcept {
  const auto* call = checked_call();
  for (std::size_t i = 0; call && i < count; ++i)
    if (pieces[i].iov_len != 0) __snag_read_range(pieces[i].iov_base, pieces[i].iov_len, call);
}

namespace {

SNAG_LIBC(readv);
SNAG_LIBC(writev);
SNAG_LIBC(preadv);
SNAG_LIBC(pwritev);
SNAG_LIBC(epoll_ctl);
SNAG_LIBC(epoll_wait);
SNAG_LIBC(epoll_pwait);
SNAG_LIBC(eventfd_read);
SNAG_LIBC(eventfd_write);
SNAG_LIBC(timerfd_settime);
SNAG_LIBC(mq_send);
SNAG_LIBC(mq_timedsend);
SNAG_LIBC(mq_receive);
SNAG_LIBC(mq_timedreceive);

std::size_t pieces(int count) { return count > 0 ? static_cast<std::size_t>(count) : 0; }

// The events say what was given with epoll_ctl.
template <class Call>
int await_events(int epoll, epoll_event* events, Call real) {
  if (!watching()) return real();
  const channel_sources from = sources_of(epoll);
  const int n = wait_in_kernel(real);
  if (n <= 0) return n;
  tell_received(from);
  const iovec whole{events, static_cast<std::size_t>(n) * sizeof *events};
  check_filled(&whole, 1, whole.iov_len);
  return n;
}

int duplicated(int original, int duplicate) {
  if (duplicate >= 0) note_duplicate(original, duplicate);
  return duplicate;
}

}  // namespace

void resolve_io_functions() noexcept {
  libc_readv.resolve();
  libc_writev.resolve();
  libc_preadv.resolve();
  libc_pwritev.resolve();
  libc_epoll_ctl.resolve();
  libc_epoll_wait.resolve();
  libc_epoll_pwait.resolve();
  libc_eventfd_read.resolve();
  libc_eventfd_write.resolve();
  libc_timerfd_settime.resolve();
  libc_mq_send.resolve();
  libc_mq_timedsend.resolve();
  libc_mq_receive.resolve();
  libc_mq_timedreceive.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

ssize_t read(int fd, void* buffer, std::size_t n) {
  const iovec whole{buffer, n};
  return receive(fd, &whole, 1, [&] { return __read(fd, buffer, n); });
}
ssize_t pread64(int fd, void* buffer, std::size_t n, off_t at) {
  const iovec whole{buffer, n};
  return receive(fd, &whole, 1, [&] { return __pread64(fd, buffer, n, at); });
}
ssize_t pread(int fd, void* buffer, std::size_t n, off_t at) { return pread64(fd, buffer, n, at); }
ssize_t readv(int fd, const iovec* into, int count) {
  return receive(fd, into, pieces(count), [&] { return libc_readv(fd, into, count); });
}
ssize_t preadv(int fd, const iovec* into, int count, off_t at) {
  return receive(fd, into, pieces(count), [&] { return libc_preadv(fd, into, count, at); });
}

ssize_t write(int fd, const void* buffer, std::size_t n) {
  const iovec whole{const_cast<void*>(buffer), n};
  return transmit(fd, &whole, 1, [&] { return __write(fd, buffer, n); });
}
ssize_t pwrite64(int fd, const void* buffer, std::size_t n, off_t at) {
  const iovec whole{const_cast<void*>(buffer), n};
  return transmit(fd, &whole, 1, [&] { return __pwrite64(fd, buffer, n, at); });
}
ssize_t pwrite(int fd, const void* buffer, std::size_t n, off_t at) { return pwrite64(fd, buffer, n, at); }
ssize_t writev(int fd, const iovec* from, int count) {
  return transmit(fd, from, pieces(count), [&] { return libc_writev(fd, from, count); });
}
ssize_t pwritev(int fd, const iovec* from, int count, off_t at) {
  return transmit(fd, from, pieces(count), [&] { return libc_pwritev(fd, from, count, at); });
}

// A message queue is a descriptor with an inode of its own; its messages come whole.
int mq_send(mqd_t queue, const char* message, std::size_t n, unsigned priority) {
  const iovec whole{const_cast<char*>(message), n};
  return static_cast<int>(
      transmit(queue, &whole, 1, [&] { return libc_mq_send(queue, message, n, priority); }));
}
int mq_timedsend(mqd_t queue, const char* message, std::size_t n, unsigned priority,
                 const timespec* deadline) {
  const iovec whole{const_cast<char*>(message), n};
  return static_cast<int>(
      transmit(queue, &whole, 1, [&] { return libc_mq_timedsend(queue, message, n, priority, deadline); }));
}
ssize_t mq_receive(mqd_t queue, char* message, std::size_t n, unsigned* priority) {
  const iovec whole{message, n};
  return receive(queue, &whole, 1, [&] { return libc_mq_receive(queue, message, n, priority); });
}
ssize_t mq_timedreceive(mqd_t queue, char* message, std::size_t n, unsigned* priority,
                        const timespec* deadline) {
  const iovec whole{message, n};
  return receive(queue, &whole, 1,
                 [&] { return libc_mq_timedreceive(queue, message, n, priority, deadline); });
}

int eventfd_read(int fd, eventfd_t* value) {
  const iovec whole{value, sizeof *value};
  return receive(
             fd, &whole, 1,
             [&]() -> ssize_t { return libc_eventfd_read(fd, value) == 0 ? ssize_t{sizeof *value} : -1; }) < 0
             ? -1
             : 0;
}
int eventfd_write(int fd, eventfd_t value) {
  if (watching()) tell_sent(destination_of(fd));
  return libc_eventfd_write(fd, value);
}
int epoll_ctl(int epoll, int operation, int fd, epoll_event* event) noexcept {
  if (watching()) {
    if (event != nullptr) {
      const iovec whole{event, sizeof *event};
      check_drained(&whole, 1);
      if (operation != EPOLL_CTL_DEL) note_kept_by_kernel(event->data.u64);
    }
    tell_sent(destination_of(epoll));
  }
  return libc_epoll_ctl(epoll, operation, fd, event);
}
int epoll_wait(int epoll, epoll_event* events, int most, int timeout) {
  return await_events(epoll, events, [&] { return libc_epoll_wait(epoll, events, most, timeout); });
}
int epoll_pwait(int epoll, epoll_event* events, int most, int timeout, const sigset_t* mask) {
  return await_events(epoll, events, [&] { return libc_epoll_pwait(epoll, events, most, timeout, mask); });
}
// Arming a timer happens before its expiry is read.
int timerfd_settime(int fd, int flags, const itimerspec* value, itimerspec* old) noexcept {
  if (watching()) tell_sent(destination_of(fd));
  return libc_timerfd_settime(fd, flags, value, old);
}

int close(int fd) {
  if (watching()) tell_closed(fd);
  return __close(fd);
}
int dup(int fd) noexcept { return duplicated(fd, static_cast<int>(syscall(SYS_dup, fd))); }
int dup2(int fd, int to) noexcept { return duplicated(fd, static_cast<int>(syscall(SYS_dup2, fd, to))); }
int dup3(int fd, int to, int flags) noexcept {
  return duplicated(fd, static_cast<int>(syscall(SYS_dup3, fd, to, flags)));
}
}
