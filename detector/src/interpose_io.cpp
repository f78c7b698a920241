// SPDX-License-Identifier: Apache-2.0
// read and write on descriptors: the kernel writes and reads the user's buffer, at the user's call.
#include <sys/types.h>

#include <cstddef>

#include "detector/src/interpose.h"

// glibc's own names for them: cancellation points, like the ones they stand for.
extern "C" {
ssize_t __read(int, void*, std::size_t);
ssize_t __write(int, const void*, std::size_t);
ssize_t __pread64(int, void*, std::size_t, off_t);
ssize_t __pwrite64(int, const void*, std::size_t, off_t);
}

namespace {
using snag::detector::checked_call;

ssize_t filled(void* buffer, ssize_t n) {
  if (n > 0)
    if (const auto* call = checked_call()) __snag_write_range(buffer, static_cast<std::size_t>(n), call);
  return n;
}
void drained(const void* buffer, std::size_t n) {
  if (n != 0)
    if (const auto* call = checked_call()) __snag_read_range(buffer, n, call);
}
}  // namespace

extern "C" {

ssize_t read(int fd, void* buffer, std::size_t n) { return filled(buffer, __read(fd, buffer, n)); }
ssize_t pread(int fd, void* buffer, std::size_t n, off_t at) {
  return filled(buffer, __pread64(fd, buffer, n, at));
}
ssize_t pread64(int fd, void* buffer, std::size_t n, off_t at) {
  return filled(buffer, __pread64(fd, buffer, n, at));
}

ssize_t write(int fd, const void* buffer, std::size_t n) {
  drained(buffer, n);
  return __write(fd, buffer, n);
}
ssize_t pwrite(int fd, const void* buffer, std::size_t n, off_t at) {
  drained(buffer, n);
  return __pwrite64(fd, buffer, n, at);
}
ssize_t pwrite64(int fd, const void* buffer, std::size_t n, off_t at) {
  drained(buffer, n);
  return __pwrite64(fd, buffer, n, at);
}
}
