// SPDX-License-Identifier: Apache-2.0
#pragma once
// System calls straight to the kernel: async-signal-safe, not interposed (we interpose write, mmap, _exit and
// others), no cancellation points. Negative results are -1 with errno set, as in libc.
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace snag::detector {

inline int raw_open(const char* path, int flags, unsigned mode) noexcept {
  return static_cast<int>(syscall(SYS_openat, -100 /* AT_FDCWD */, path, flags, mode));
}
inline void raw_close(int fd) noexcept { syscall(SYS_close, fd); }
inline bool raw_stat(int fd, struct stat& out) noexcept { return syscall(SYS_fstat, fd, &out) == 0; }
inline bool raw_stat(const char* path, struct stat& out) noexcept {
  return syscall(SYS_stat, path, &out) == 0;
}
inline long raw_readlink(const char* path, char* out, std::size_t n) noexcept {
  return syscall(SYS_readlink, path, out, n);
}
inline bool raw_rename(const char* from, const char* to) noexcept {
  return syscall(SYS_rename, from, to) == 0;
}
inline void raw_unlink(const char* path) noexcept { syscall(SYS_unlink, path); }
inline int raw_pid() noexcept { return static_cast<int>(syscall(SYS_getpid)); }
inline int raw_tid() noexcept { return static_cast<int>(syscall(SYS_gettid)); }
[[noreturn]] inline void raw_exit(int status) noexcept {
  for (;;) syscall(SYS_exit_group, status);
}
inline bool raw_write_all(int fd, const char* bytes, std::size_t n) noexcept {
  while (n != 0) {
    const long written = syscall(SYS_write, fd, bytes, n);
    if (written < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      return false;
    }
    bytes += written;
    n -= static_cast<std::size_t>(written);
  }
  return true;
}
inline void* raw_map(std::size_t bytes) noexcept {
  const long p =
      syscall(SYS_mmap, nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
  return p == -1 ? nullptr : reinterpret_cast<void*>(p);
}
inline const void* raw_map_file(int fd, std::size_t bytes) noexcept {
  const long p = syscall(SYS_mmap, nullptr, bytes, PROT_READ, MAP_PRIVATE, fd, 0L);
  return p == -1 ? nullptr : reinterpret_cast<const void*>(p);
}
inline void raw_unmap(const void* p, std::size_t bytes) noexcept { syscall(SYS_munmap, p, bytes); }

}  // namespace snag::detector
