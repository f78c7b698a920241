// SPDX-License-Identifier: Apache-2.0
#include "detector/src/address_space.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "detector/src/internal_memory.h"

namespace snag::detector {
namespace {

constexpr char restarted_variable[] = "SNAG_RESTARTED_WITHOUT_ASLR=1";

std::uint64_t parse_hex(const char*& at, const char* end) {
  std::uint64_t value = 0;
  for (; at != end; ++at) {
    const char c = *at;
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) break;
    value = value << 4 | static_cast<std::uint64_t>(digit);
  }
  return value;
}

std::size_t read_maps(char* buffer, std::size_t capacity) {
  const int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;  // no /proc: trust the layout; the reservation fails if it does not fit
  std::size_t length = 0;
  for (ssize_t n; length < capacity && (n = read(fd, buffer + length, capacity - length)) > 0;)
    length += static_cast<std::size_t>(n);
  close(fd);
  return length;
}

bool was_restarted(char** envp) {
  for (char** e = envp; e && *e; ++e)
    if (std::strcmp(*e, restarted_variable) == 0) return true;
  return false;
}

// Children of the program start afresh: the marker is not for them.
void hide_marker(char** envp) {
  char** to = envp;
  for (char** from = envp; from && *from; ++from)
    if (std::strcmp(*from, restarted_variable) != 0) *to++ = *from;
  if (to) *to = nullptr;
}

// An unlimited stack makes the kernel place everything else bottom-up from a third of the address space, and
// one of terabytes pushes it as far down. Answers whether there was such a limit.
bool lower_stack_limit() {
  constexpr rlim_t usual = 8 << 20, too_much = rlim_t{1} << 40;
  rlimit stack{};
  if (getrlimit(RLIMIT_STACK, &stack) != 0 || stack.rlim_cur <= too_much) return false;
  stack.rlim_cur = usual;
  return setrlimit(RLIMIT_STACK, &stack) == 0;
}

[[noreturn]] void restart_without_randomisation(char** argv, char** envp) {
  const bool lowered = lower_stack_limit();
  const int now = personality(0xffffffff);
  const auto wanted =
      (static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) & ~static_cast<unsigned long>(ADDR_COMPAT_LAYOUT);
  if ((now == -1 || personality(wanted) == -1) && !lowered)
    internal_fatal(
        "the memory layout does not fit the race detector and personality() is forbidden here; lower "
        "vm.mmap_rnd_bits to 28 or run under `setarch -R`");
  std::size_t count = 0;
  while (envp && envp[count]) ++count;
  auto** environment = static_cast<char**>(__builtin_alloca((count + 2) * sizeof(char*)));
  for (std::size_t i = 0; i < count; ++i) environment[i] = envp[i];
  environment[count] = const_cast<char*>(restarted_variable);
  environment[count + 1] = nullptr;
  execve("/proc/self/exe", argv, environment);
  internal_fatal(
      "the memory layout does not fit the race detector and the program could not be restarted without "
      "address randomisation; run it under `setarch -R`");
}

// Says what lies where it must not. Restarted already, so it is the program or its environment that wants it
// there.
[[noreturn]] void misfit(const char* maps) {
  rlimit stack{};
  if (getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur == RLIM_INFINITY)
    internal_fatal(
        "the memory layout does not fit the race detector: the stack is unlimited; run `ulimit -s 8192` "
        "first");
  const std::size_t line = std::strcspn(maps, "\n");
  char message[400];
  std::snprintf(
      message, sizeof message,
      "the memory layout does not fit the race detector, even without address randomisation: '%.*s' "
      "lies outside its zones; link the program as a position-independent executable, without "
      "-Ttext or -Wl,--image-base, and without prelink",
      static_cast<int>(std::min<std::size_t>(line, 160)), maps);
  internal_fatal(message);
}

void reserve(address_range range, int protection) {
  void* const at = reinterpret_cast<void*>(range.begin);
  const std::size_t size = range.end - range.begin;
  const void* got =
      mmap(at, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (got != at) {
    if (protection == PROT_NONE) return;  // a gap: somebody is there already, outside our planes
    internal_fatal(
        "cannot reserve the shadow's address space (54 TiB, unbacked): `ulimit -v` must be unlimited and "
        "vm.overcommit_memory must not be 2");
  }
  if (protection == PROT_NONE) return;
  madvise(at, size, MADV_NOHUGEPAGE);
  madvise(at, size, MADV_DONTDUMP);
}

// What is neither a zone, nor an image, nor ours: kept free, so that a program's address hint cannot land
// there.
void reserve_gaps() {
  address_range taken[3 * 3 + 1] = {own_memory};
  int n = 1;
  for (address_range z : zones) {
    taken[n++] = z;
    taken[n++] = z.image(hooks::write_plane);
    taken[n++] = z.image(hooks::read_plane);
  }
  std::uint64_t at = 0;
  while (at < (std::uint64_t{1} << 47)) {
    std::uint64_t next = std::uint64_t{1} << 47;
    bool inside = false;
    for (address_range t : taken) {
      if (t.contains(at)) {
        at = t.end;
        inside = true;
        break;
      }
      if (t.begin > at && t.begin < next) next = t.begin;
    }
    if (inside) continue;
    reserve({at, next}, PROT_NONE);
    at = next;
  }
}

}  // namespace

namespace {
// The first line of `maps` whose mapping is in no zone; null: all fit.
const char* first_misfit(const char* maps, std::size_t length) noexcept {
  const char* at = maps;
  const char* const end = maps + length;
  while (at != end) {
    const char* const line = at;
    const std::uint64_t low = parse_hex(at, end);
    if (at == end || *at != '-') return nullptr;  // a line that was cut off
    ++at;
    const std::uint64_t high = parse_hex(at, end);
    const bool vsyscall = low >> 47 != 0;
    if (!vsyscall) {
      bool inside = false;
      for (address_range z : zones) inside = inside || (z.contains(low) && high <= z.end);
      if (!inside) return line;
    }
    while (at != end && *at++ != '\n') {
    }
  }
  return nullptr;
}
}  // namespace

bool layout_fits(const char* maps, std::size_t length) noexcept { return !first_misfit(maps, length); }

void prepare_address_space(char** argv, char** envp) noexcept {
  // Before anything of ours is mapped: what lies in the place of our own memory does not fit either.
  static constinit char maps[1 << 18] = {};
  if (const char* const outside = first_misfit(maps, read_maps(maps, sizeof maps - 1))) {
    if (was_restarted(envp)) misfit(outside);
    restart_without_randomisation(argv, envp);
  }
  hide_marker(envp);
  for (address_range z : zones) {
    reserve(z.image(hooks::write_plane), PROT_READ | PROT_WRITE);
    reserve(z.image(hooks::read_plane), PROT_READ | PROT_WRITE);
  }
  reserve_gaps();
}

}  // namespace snag::detector
