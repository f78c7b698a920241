// SPDX-License-Identifier: Apache-2.0
#include "detector/src/descriptors.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include <array>
#include <atomic>

#include "detector/src/raw_io.h"

namespace snag::detector {
namespace {

enum class channel_kind : std::uint64_t { inode = 1, number, paired, stream, datagram, connection };

constexpr kernel_channel make(channel_kind k, std::uint64_t device, std::uint64_t object) {
  return {static_cast<std::uint64_t>(k) << 56 | (device & ((std::uint64_t{1} << 56) - 1)), object};
}

class errno_kept {
 public:
  errno_kept() : saved_(errno) {}
  ~errno_kept() { errno = saved_; }
  errno_kept(const errno_kept&) = delete;

 private:
  int saved_;
};

// --- Descriptors of anonymous inodes, by number.
constexpr int numbers = 1 << 16;
constinit std::array<std::atomic<int>, numbers> duplicate_of{};  // 0: of none; else the original's number + 1

constinit std::array<std::atomic<bool>, numbers> yields_signals{};

kernel_channel numbered(int fd) {
  if (fd >= numbers) return make(channel_kind::number, 0, numbers);  // all in one
  const int original = duplicate_of[static_cast<unsigned>(fd)].load(std::memory_order_relaxed);
  return make(channel_kind::number, 0, static_cast<std::uint64_t>(original == 0 ? fd : original - 1));
}

// --- Socket pairs, by inode: (one's inode, its partner's). A newer pair may take an older one's place.
constexpr std::size_t pair_places = 1 << 16;
constinit std::array<std::atomic<std::uint64_t>, pair_places> pairs{};

std::uint32_t partner_of(std::uint64_t inode) {
  const std::uint64_t known = pairs[inode % pair_places].load(std::memory_order_relaxed);
  return known >> 32 == (inode & 0xffff'ffff) ? static_cast<std::uint32_t>(known) : 0;
}

// --- Socket names.
struct socket_name {
  sockaddr_storage address;
  socklen_t size = sizeof address;
};

std::uint64_t number_of(const sockaddr* a, socklen_t size) {
  if (a->sa_family == AF_INET && size >= sizeof(sockaddr_in))
    return ntohs(reinterpret_cast<const sockaddr_in*>(a)->sin_port);
  if (a->sa_family == AF_INET6 && size >= sizeof(sockaddr_in6))
    return ntohs(reinterpret_cast<const sockaddr_in6*>(a)->sin6_port);
  const char* text = reinterpret_cast<const char*>(a);
  std::size_t n = size;
  if (a->sa_family == AF_UNIX && n > offsetof(sockaddr_un, sun_path)) {
    const char* path = text + offsetof(sockaddr_un, sun_path);
    // A path ends at its zero, counted in `size` or not; an abstract name has zeros of its own.
    if (*path != '\0')
      n = offsetof(sockaddr_un, sun_path) + strnlen(path, n - offsetof(sockaddr_un, sun_path));
  }
  std::uint64_t h = 0xcbf2'9ce4'8422'2325u;  // FNV-1a
  for (std::size_t i = 0; i < n; ++i) h = (h ^ static_cast<unsigned char>(text[i])) * 0x100'0000'01b3u;
  return h;
}

std::uint64_t name_of(int fd, long which) {
  socket_name n;
  if (syscall(which, fd, &n.address, &n.size) != 0) return 0;
  return number_of(reinterpret_cast<const sockaddr*>(&n.address), n.size);
}
std::uint64_t own_name(int fd) { return name_of(fd, SYS_getsockname); }
std::uint64_t peer_name(int fd) { return name_of(fd, SYS_getpeername); }

bool has_datagrams(int fd) {
  int type = 0;
  socklen_t size = sizeof type;
  syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, &type, &size);
  return type == SOCK_DGRAM || type == SOCK_RAW || type == SOCK_RDM;
}

// Sockets without names are pairs; this is where the sender of one goes whose place in the table was taken.
constexpr kernel_channel partner_lost = make(channel_kind::paired, 0, 0);
bool is_unnamed(std::uint64_t name) {
  constexpr sa_family_t family = AF_UNIX;
  sockaddr_un nothing{};
  nothing.sun_family = family;
  return name == number_of(reinterpret_cast<const sockaddr*>(&nothing), sizeof family);
}
kernel_channel stream(std::uint64_t from, std::uint64_t to) {
  return is_unnamed(from) && is_unnamed(to) ? partner_lost : make(channel_kind::stream, from, to);
}
kernel_channel datagrams(std::uint64_t to) {
  return is_unnamed(to) ? partner_lost : make(channel_kind::datagram, 0, to);
}

kernel_channel socket_destination(int fd, std::uint64_t inode) {
  if (const std::uint32_t partner = partner_of(inode)) return make(channel_kind::paired, 0, partner);
  if (has_datagrams(fd)) return datagrams(peer_name(fd));
  return stream(own_name(fd), peer_name(fd));
}

channel_sources socket_sources(int fd, std::uint64_t inode) {
  const kernel_channel own = make(channel_kind::paired, 0, inode & 0xffff'ffff);
  if (partner_of(inode) != 0) return {own, partner_lost};
  if (has_datagrams(fd)) return {datagrams(own_name(fd)), own};
  return {stream(peer_name(fd), own_name(fd)), own};
}

}  // namespace

kernel_channel destination_of(int fd) noexcept {
  const errno_kept keep;
  struct stat s;
  if (!raw_stat(fd, s)) return {};
  switch (s.st_mode & S_IFMT) {
    case S_IFIFO:
    case S_IFREG:
      return make(channel_kind::inode, s.st_dev, s.st_ino);
    case S_IFSOCK:
      return socket_destination(fd, s.st_ino);
    case 0:
      return numbered(fd);
    default:
      return {};
  }
}

kernel_channel destination_of(int fd, const sockaddr* to, socklen_t size) noexcept {
  if (!to || size < sizeof(sa_family_t) || !has_datagrams(fd)) return destination_of(fd);
  return datagrams(number_of(to, size));
}

channel_sources sources_of(int fd) noexcept {
  const errno_kept keep;
  struct stat s;
  if (!raw_stat(fd, s)) return {};
  if ((s.st_mode & S_IFMT) == S_IFSOCK) return socket_sources(fd, s.st_ino);
  return {destination_of(fd), {}};
}

kernel_channel connection_to(const sockaddr* to, socklen_t size) noexcept {
  if (!to || size < sizeof(sa_family_t)) return {};
  return make(channel_kind::connection, 0, number_of(to, size));
}
kernel_channel connections_of(int fd) noexcept {
  const errno_kept keep;
  return make(channel_kind::connection, 0, own_name(fd));
}

void note_socket_pair(int one, int other) noexcept {
  const errno_kept keep;
  struct stat a, b;
  if (!raw_stat(one, a) || !raw_stat(other, b)) return;
  const auto note = [](std::uint64_t from, std::uint64_t to) {
    pairs[from % pair_places].store(from << 32 | (to & 0xffff'ffff), std::memory_order_relaxed);
  };
  note(a.st_ino, b.st_ino);
  note(b.st_ino, a.st_ino);
}

void note_signal_descriptor(int fd, bool is_one) noexcept {
  if (fd >= 0 && fd < numbers)
    yields_signals[static_cast<unsigned>(fd)].store(is_one, std::memory_order_relaxed);
}

bool is_signal_descriptor(int fd) noexcept {
  return fd >= 0 && fd < numbers && yields_signals[static_cast<unsigned>(fd)].load(std::memory_order_relaxed);
}

void note_duplicate(int original, int duplicate) noexcept {
  if (original < 0 || duplicate < 0 || original >= numbers || duplicate >= numbers) return;
  note_signal_descriptor(duplicate, is_signal_descriptor(original));
  const auto known = duplicate_of[static_cast<unsigned>(original)].load(std::memory_order_relaxed);
  duplicate_of[static_cast<unsigned>(duplicate)].store(known == 0 ? original + 1 : known,
                                                       std::memory_order_relaxed);
}

}  // namespace snag::detector
