// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which channel a file descriptor leads to, so that a write on one end is ordered before the read on the
// other.
//   pipe, FIFO, file   the inode: both ends have the same
//   socketpair         the receiving end's inode; who sends looks up its partner
//   connected socket   (sender's name, receiver's name): for the internet the ports, whatever the addresses
//   datagrams          the receiver's name
//   eventfd, timerfd   the descriptor's number, or of which it is a duplicate: they share one inode
// Devices and directories order nothing. Costs one fstat, of sockets three calls more; nothing is cached,
// since descriptors are closed and reused in ways we do not see. Thread-safe and async-signal-safe; errno is
// kept.
#include <sys/socket.h>

#include "detector/src/race.h"

namespace snag::detector {

struct channel_sources {
  kernel_channel first,
      second;  // second: of sockets, where a sender goes who does or does not know its partner
};

kernel_channel destination_of(int descriptor) noexcept;
kernel_channel destination_of(int descriptor, const sockaddr* to,
                              socklen_t size) noexcept;  // `to` may be null
channel_sources sources_of(int descriptor) noexcept;     // ask before receiving: a peer may go

// Between connect and accept.
kernel_channel connection_to(const sockaddr*, socklen_t size) noexcept;
kernel_channel connections_of(int listening_descriptor) noexcept;

void note_socket_pair(int one, int other) noexcept;
void note_duplicate(int original, int duplicate) noexcept;

// Descriptors that signals are read from, until they are closed.
void note_signal_descriptor(int descriptor, bool is_one) noexcept;
bool is_signal_descriptor(int descriptor) noexcept;

}  // namespace snag::detector
