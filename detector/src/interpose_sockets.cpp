// SPDX-License-Identifier: Apache-2.0
// Sockets: what is sent happens before what receives it; connect, before the accept that answers it.
#include <sys/socket.h>

#include "detector/src/interpose_io.h"
#include "detector/src/libc_function.h"

namespace snag::detector {
namespace {

// The C++ declarations have unions of pointers where these have the address.
extern "C" {
using send_to = ssize_t(int, const void*, std::size_t, int, const sockaddr*, socklen_t);
using receive_from = ssize_t(int, void*, std::size_t, int, sockaddr*, socklen_t*);
using accept_from = int(int, sockaddr*, socklen_t*);
using accept_with_flags = int(int, sockaddr*, socklen_t*, int);
using connect_to = int(int, const sockaddr*, socklen_t);
}

SNAG_LIBC(send);
SNAG_LIBC(sendmsg);
SNAG_LIBC(sendmmsg);
SNAG_LIBC(recv);
SNAG_LIBC(recvmsg);
SNAG_LIBC(recvmmsg);
SNAG_LIBC(socketpair);
SNAG_LIBC(shutdown);
constinit libc_function<send_to> libc_sendto("sendto");
constinit libc_function<receive_from> libc_recvfrom("recvfrom");
constinit libc_function<accept_from> libc_accept("accept");
constinit libc_function<accept_with_flags> libc_accept4("accept4");
constinit libc_function<connect_to> libc_connect("connect");

kernel_channel destination_of(int fd, const msghdr& m) {
  return snag::detector::destination_of(fd, static_cast<const sockaddr*>(m.msg_name), m.msg_namelen);
}

template <class Call>
int accepted(int listening, Call real) {
  const int fd = wait_in_kernel(real);
  if (fd >= 0 && watching())
    if (const kernel_channel c = connections_of(listening); c != kernel_channel{}) on_received(c);
  return fd;
}

}  // namespace

void resolve_socket_functions() noexcept {
  libc_send.resolve();
  libc_sendmsg.resolve();
  libc_sendmmsg.resolve();
  libc_recv.resolve();
  libc_recvmsg.resolve();
  libc_recvmmsg.resolve();
  libc_socketpair.resolve();
  libc_shutdown.resolve();
  libc_sendto.resolve();
  libc_recvfrom.resolve();
  libc_accept.resolve();
  libc_accept4.resolve();
  libc_connect.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

ssize_t send(int fd, const void* buffer, std::size_t n, int flags) {
  const iovec whole{const_cast<void*>(buffer), n};
  return transmit(fd, &whole, 1, [&] { return libc_send(fd, buffer, n, flags); });
}
ssize_t sendto(int fd, const void* buffer, std::size_t n, int flags, const sockaddr* to, socklen_t size) {
  const auto real = [&] { return libc_sendto(fd, buffer, n, flags, to, size); };
  if (!watching()) return real();
  const iovec whole{const_cast<void*>(buffer), n};
  return transmit(destination_of(fd, to, size), &whole, 1, real);
}
ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  const auto real = [&] { return libc_sendmsg(fd, message, flags); };
  if (!watching() || !message) return real();
  return transmit(destination_of(fd, *message), message->msg_iov, message->msg_iovlen, real);
}
int sendmmsg(int fd, mmsghdr* messages, unsigned count, int flags) {
  for (unsigned i = 0; i < count && watching(); ++i) {
    const msghdr& m = messages[i].msg_hdr;
    check_drained(m.msg_iov, m.msg_iovlen);
    tell_sent(destination_of(fd, m));
  }
  return wait_in_kernel([=] { return libc_sendmmsg(fd, messages, count, flags); });
}

ssize_t recv(int fd, void* buffer, std::size_t n, int flags) {
  const iovec whole{buffer, n};
  return receive(fd, &whole, 1, [&] { return libc_recv(fd, buffer, n, flags); });
}
ssize_t recvfrom(int fd, void* buffer, std::size_t n, int flags, sockaddr* from, socklen_t* size) {
  const iovec whole{buffer, n};
  return receive(fd, &whole, 1, [&] { return libc_recvfrom(fd, buffer, n, flags, from, size); });
}
ssize_t recvmsg(int fd, msghdr* message, int flags) {
  const auto real = [&] { return libc_recvmsg(fd, message, flags); };
  if (!message) return real();
  return receive(fd, message->msg_iov, message->msg_iovlen, real);
}
int recvmmsg(int fd, mmsghdr* messages, unsigned count, int flags, timespec* patience) {
  if (!watching()) return libc_recvmmsg(fd, messages, count, flags, patience);
  const channel_sources from = sources_of(fd);
  const int n = wait_in_kernel([=] { return libc_recvmmsg(fd, messages, count, flags, patience); });
  if (n == 0) tell_end_met(from);
  if (n > 0) tell_received(from);
  for (int i = 0; i < n; ++i)
    check_filled(messages[i].msg_hdr.msg_iov, messages[i].msg_hdr.msg_iovlen, messages[i].msg_len);
  return n;
}

int socketpair(int family, int type, int protocol, int* ends) noexcept {
  const int result = libc_socketpair(family, type, protocol, ends);
  if (result == 0) note_socket_pair(ends[0], ends[1]);
  return result;
}
int shutdown(int fd, int how) noexcept {
  if (watching() && how != SHUT_RD) tell_closed(fd);
  return libc_shutdown(fd, how);
}
int connect(int fd, const sockaddr* to, socklen_t size) {
  if (watching()) tell_sent(connection_to(to, size));
  return wait_in_kernel([=] { return libc_connect(fd, to, size); });
}
int accept(int fd, sockaddr* from, socklen_t* size) {
  return accepted(fd, [&] { return libc_accept(fd, from, size); });
}
int accept4(int fd, sockaddr* from, socklen_t* size, int flags) {
  return accepted(fd, [&] { return libc_accept4(fd, from, size, flags); });
}
}
