// SPDX-License-Identifier: Apache-2.0
#pragma once
// What every interposed transfer does: the user's buffers are accessed by the kernel at the user's call, what
// is sent is ordered before what is received. Templates over the real call; pre: it keeps errno.
#include <stdio.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "detector/src/descriptors.h"
#include "detector/src/interpose.h"
#include "detector/src/kernel_wait.h"

namespace snag::detector {

void check_filled(const iovec* pieces, std::size_t count, std::size_t bytes) noexcept;
void check_drained(const iovec* pieces, std::size_t count) noexcept;

// What a signalfd said.
void tell_signals_read(const iovec* pieces, std::size_t count, std::size_t bytes) noexcept;

// Any of the stream's characters may go out now.
void tell_stream_output(FILE* stream) noexcept;

inline void tell_sent(kernel_channel c) noexcept {
  if (c != kernel_channel{}) on_sent(c);
}
inline void tell_received(const channel_sources& s) noexcept {
  for (const kernel_channel c : {s.first, s.second})
    if (c != kernel_channel{}) on_received(c);
}

// That a descriptor was closed, or shut down for writing, is known to whoever reads the end of the data, and
// not to who read data before: so the end has a clock of its own.
inline kernel_channel end_of(kernel_channel c) noexcept {
  constexpr std::uint64_t end = std::uint64_t{1} << 63;
  return c == kernel_channel{} ? c : kernel_channel{c.place ^ end, c.object};
}
inline void tell_closed(int fd) noexcept {
  tell_sent(end_of(destination_of(fd)));
  note_signal_descriptor(fd, false);
}
inline void tell_end_met(const channel_sources& s) noexcept {
  tell_received(s);
  tell_received({end_of(s.first), end_of(s.second)});
}

// `real` answers how many bytes came; 0 is the other side's end.
template <class Call>
ssize_t receive(int fd, const iovec* pieces, std::size_t count, Call real) {
  if (!watching()) return real();
  const channel_sources from = sources_of(fd);
  const ssize_t n = wait_in_kernel(real);
  if (n < 0) return n;
  if (n == 0)
    tell_end_met(from);
  else
    tell_received(from);
  if (is_signal_descriptor(fd)) tell_signals_read(pieces, count, static_cast<std::size_t>(n));
  check_filled(pieces, count, static_cast<std::size_t>(n));
  return n;
}

// `real` reads from the stream, which fills its buffer as it likes.
template <class Call>
auto input_from(FILE* stream, Call real) {
  if (!watching()) return real();
  const channel_sources from = sources_of(fileno_unlocked(stream));
  const auto result = real();
  if (feof_unlocked(stream) != 0)
    tell_end_met(from);
  else
    tell_received(from);
  return result;
}

template <class Call>
ssize_t transmit(kernel_channel to, const iovec* pieces, std::size_t count, Call real) {
  check_drained(pieces, count);
  tell_sent(to);
  return wait_in_kernel(real);
}
template <class Call>
ssize_t transmit(int fd, const iovec* pieces, std::size_t count, Call real) {
  if (!watching()) return real();
  return transmit(destination_of(fd), pieces, count, real);
}

}  // namespace snag::detector
