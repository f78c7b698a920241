// SPDX-License-Identifier: Apache-2.0
#include "detector/src/address_space.h"

#include <gtest/gtest.h>

#include <cstring>

#include "detector/src/line_lock.h"

namespace snag::detector {
namespace {

bool fits(const char* maps) { return layout_fits(maps, std::strlen(maps)); }

TEST(address_space, the_usual_layout_fits) {
  EXPECT_TRUE(
      fits("555555554000-555555556000 r--p 00000000 08:01 1 /bin/x\n"
           "7ffff7d00000-7ffff7e00000 rw-p 00000000 00:00 0\n"
           "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0 [stack]\n"
           "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n"));
  EXPECT_TRUE(fits("00400000-00500000 r-xp 00000000 08:01 1 /bin/fixed\n"));
}

TEST(address_space, mappings_of_extreme_randomisation_do_not_fit) {
  EXPECT_FALSE(fits("6fe3ab200000-6fe3ab400000 r--p 00000000 08:01 1 /lib/libc.so.6\n"));
  EXPECT_FALSE(
      fits("555555554000-555555556000 r--p 00000000 08:01 1 /bin/x\n"
           "77fff0000000-77fff1000000 rw-p 00000000 00:00 0\n"));
  EXPECT_FALSE(fits("621345000000-621346000000 r--p 00000000 08:01 1 /bin/pie\n"));
}

TEST(address_space, shadow_of_every_kind_of_memory_is_there_and_empty) {
  static int global[16];
  int local[16];
  auto* heap = new int[16];
  for (const int* p : {&global[3], &local[3], &heap[3]}) {
    const auto a = reinterpret_cast<std::uint64_t>(p);
    EXPECT_TRUE(in_program(a));
    EXPECT_EQ(write_cell(a).load(), 0u);
    EXPECT_EQ(read_cell(a).load(), 0u);
  }
  delete[] heap;
}

TEST(address_space, the_detectors_own_memory_is_not_the_programs) {
  EXPECT_FALSE(in_program(own_memory.begin));
  for (address_range z : zones) {
    EXPECT_FALSE(in_program(z.begin ^ hooks::write_plane));
    EXPECT_FALSE(in_program((z.end - 1) ^ hooks::read_plane));
  }
}

}  // namespace
}  // namespace snag::detector
