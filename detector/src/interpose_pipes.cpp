// SPDX-License-Identifier: Apache-2.0
// Transfers from one descriptor to another within the kernel: whoever made them passes on what came with the
// source. What the source holds is only known when something is there, so they wait for it first.
#include <fcntl.h>
#include <poll.h>
#include <sys/sendfile.h>

#include <cerrno>

#include "detector/src/interpose_io.h"
#include "detector/src/libc_function.h"

namespace snag::detector {
namespace {

SNAG_LIBC(splice);
SNAG_LIBC(tee);
SNAG_LIBC(vmsplice);
SNAG_LIBC(sendfile64);
SNAG_LIBC(copy_file_range);

template <class Call>
ssize_t pass_on(int from, int to, bool waits, Call real) {
  if (!watching()) return real();
  const channel_sources sources = sources_of(from);
  if (waits) {
    const int saved = errno;
    pollfd there{from, POLLIN, 0};
    poll(&there, 1, -1);  // interrupted: so is the transfer, or it waits itself
    errno = saved;
  }
  tell_received(sources);
  tell_sent(destination_of(to));
  const ssize_t n = real();
  if (n == 0) tell_end_met(sources);
  if (n > 0) tell_received(sources);
  return n;
}

}  // namespace

void resolve_pipe_functions() noexcept {
  libc_splice.resolve();
  libc_tee.resolve();
  libc_vmsplice.resolve();
  libc_sendfile64.resolve();
  libc_copy_file_range.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

ssize_t splice(int from, off64_t* from_at, int to, off64_t* to_at, std::size_t n, unsigned flags) {
  return pass_on(from, to, (flags & SPLICE_F_NONBLOCK) == 0,
                 [=] { return libc_splice(from, from_at, to, to_at, n, flags); });
}
ssize_t tee(int from, int to, std::size_t n, unsigned flags) {
  return pass_on(from, to, (flags & SPLICE_F_NONBLOCK) == 0, [=] { return libc_tee(from, to, n, flags); });
}
ssize_t sendfile64(int to, int from, off64_t* at, std::size_t n) noexcept {
  return pass_on(from, to, false, [=] { return libc_sendfile64(to, from, at, n); });
}
ssize_t sendfile(int to, int from, off_t* at, std::size_t n) noexcept { return sendfile64(to, from, at, n); }
ssize_t copy_file_range(int from, off64_t* from_at, int to, off64_t* to_at, std::size_t n, unsigned flags) {
  return pass_on(from, to, false, [=] { return libc_copy_file_range(from, from_at, to, to_at, n, flags); });
}

// Into a pipe, or out of one.
ssize_t vmsplice(int pipe, const iovec* pieces, std::size_t count, unsigned flags) {
  if ((fcntl(pipe, F_GETFL) & O_ACCMODE) == O_RDONLY)
    return receive(pipe, pieces, count, [=] { return libc_vmsplice(pipe, pieces, count, flags); });
  return transmit(pipe, pieces, count, [=] { return libc_vmsplice(pipe, pieces, count, flags); });
}

}  // extern "C"
