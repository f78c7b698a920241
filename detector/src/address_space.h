// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who lives where in the 47-bit address space of an x86-64 Linux process. The program keeps to three zones:
// the low one (executables at fixed addresses, chosen hints), the one of position-independent executables
// and their brk heap, and the one of mmap and stacks. hooks.h maps each zone to its image in the plane of
// writes and in the plane of reads with one xor. The rest is the detector's own memory, or reserved so that
// nobody else lands there.
//
// prepare_address_space() runs once, before any instrumented code: it checks that everything mapped so far is
// in a zone, restarts the process without address randomisation if not, and reserves both planes.
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "detector/hooks.h"

namespace snag::detector {

struct address_range {
  std::uint64_t begin, end;
  constexpr bool contains(std::uint64_t a) const { return a - begin < end - begin; }
  constexpr bool overlaps(address_range other) const { return begin < other.end && other.begin < end; }
  // Pre: of whole blocks.
  constexpr address_range image(std::uint64_t plane) const {
    plane &= ~(hooks::plane_block - 1);
    return {begin ^ plane, ((end - 1) ^ plane) + 1};
  }
};

inline constexpr address_range zones[] = {
    {0, 0x1000'0000'0000},
    {0x5500'0000'0000, 0x5800'0000'0000},
    {0x7800'0000'0000, 0x8000'0000'0000},
};
inline constexpr address_range own_memory = {0x6000'0000'0000, 0x6800'0000'0000};  // internal_memory.cpp

namespace detail {
constexpr bool layout_is_disjoint() {
  address_range all[3 * 3 + 1] = {};
  int n = 0;
  for (address_range z : zones) {
    all[n++] = z;
    all[n++] = z.image(hooks::write_plane);
    all[n++] = z.image(hooks::read_plane);
  }
  all[n++] = own_memory;
  for (int i = 0; i < n; ++i) {
    if (all[i].begin >= all[i].end || all[i].end > (std::uint64_t{1} << 47)) return false;
    for (int j = 0; j < i; ++j)
      if (all[i].overlaps(all[j])) return false;
  }
  return true;
}
// An image is as long as its zone: the bit that chooses the plane is constant within the zone, and blocks
// stay in it.
constexpr bool images_are_whole() {
  for (address_range z : zones)
    for (std::uint64_t plane : {hooks::write_plane, hooks::read_plane})
      if (z.image(plane).end - z.image(plane).begin != z.end - z.begin || z.begin % hooks::plane_block != 0 ||
          z.end % hooks::plane_block != 0)
        return false;
  return true;
}
}  // namespace detail
static_assert(detail::layout_is_disjoint() && detail::images_are_whole());

constexpr bool in_program(std::uint64_t address) {
  for (address_range z : zones)
    if (z.contains(address)) return true;
  return false;
}

// Cuts off what of [begin, begin + bytes) is not in the zone that it begins in. False: nothing is in one.
constexpr bool clip_to_program(std::uint64_t begin, std::size_t& bytes) {
  for (address_range z : zones) {
    if (!z.contains(begin)) continue;
    if (bytes > z.end - begin) bytes = z.end - begin;
    return bytes != 0;
  }
  return false;
}

// What the kernel mapped at start fits. `maps`: the text of /proc/self/maps.
bool layout_fits(const char* maps, std::size_t length) noexcept;

// May replace the process image (once), may end it with a message and status 70.
void prepare_address_space(char** argv, char** envp) noexcept;

}  // namespace snag::detector
