// SPDX-License-Identifier: Apache-2.0
// The holes that other detectors have, at a scale that every run of the tests affords: slots, history,
// readers, releases. Each race must be found, with memory that stays bounded.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "detector/src/access_set.h"
#include "detector/src/internal_memory.h"
#include "detector/src/record_store.h"
#include "detector/src/slot_table.h"
#include "detector/src/world.h"
#include "tests/detector/support/scripted_core.h"

namespace snag::testing {
namespace {

using detector::internal_bytes_in_use;

constexpr std::size_t mebibyte = 1 << 20;

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * 4096;
}

constexpr std::size_t x = 0, scratch = 4096;

TEST(scale, ten_thousand_goroutines_synchronise_between_two_racing_accesses) {
  scripted_core core;
  core.go(0, 1);
  core.go(0, 2);
  EXPECT_EQ(core.write(1, x, 4), 0u);
  for (int i = 0; i < 10'000; ++i) {
    core.go(2, 3 + i);
    core.write(3 + i, scratch + 4 * static_cast<unsigned>(i), 4);
    core.merge(3 + i, 0);
    core.acquire(2, 0);
    core.end(3 + i);
  }
  EXPECT_EQ(core.write(2, x, 4), 4u);
}

TEST(scale, ten_million_accesses_lie_between_two_racing_ones) {
  scripted_core core;
  core.go(0, 1);
  core.go(0, 2);
  EXPECT_EQ(core.write(1, x, 4), 0u);
  const std::size_t before = resident_bytes();
  // Each in an epoch and place of its own as far as records go: the history that others keep would be full
  // 100 times.
  for (int i = 0; i < 10'000'000; ++i) {
    core.write(1, scratch + 8 * static_cast<unsigned>(i % 100'000), 8);
    if (i % 4 == 0) core.release(1, 1);
  }
  EXPECT_EQ(core.write(2, x, 4), 4u);
  EXPECT_LT(resident_bytes() - before, 400 * mebibyte);
}

TEST(scale, ten_thousand_readers_and_a_write_that_races_with_the_first_only) {
  scripted_core core;
  constexpr int readers = 10'000;
  for (int i = 1; i <= readers; ++i) core.go(0, i);
  core.go(0, readers + 1);
  for (int i = 1; i <= readers; ++i) EXPECT_EQ(core.read(i, x, 4), 0u);
  for (int i = 2; i <= readers; ++i) core.merge(i, 0);
  core.acquire(readers + 1, 0);
  EXPECT_EQ(core.write(readers + 1, x, 4), 4u);
}

TEST(scale, ten_thousand_readers_and_a_write_after_all_of_them) {
  scripted_core core;
  constexpr int readers = 10'000;
  for (int i = 1; i <= readers; ++i) core.go(0, i);
  core.go(0, readers + 1);
  for (int i = 1; i <= readers; ++i) core.read(i, x, 4);
  for (int i = 1; i <= readers; ++i) core.merge(i, 0);
  core.acquire(readers + 1, 0);
  EXPECT_EQ(core.write(readers + 1, x, 4), 0u);
}

// Nothing orders relaxed additions: each has to be remembered, and none compared with all before it.
TEST(scale, a_hundred_thousand_goroutines_count_with_one_relaxed_atomic) {
  scripted_core core;
  constexpr int many = 100'000;
  core.go(0, 1);
  for (int i = 2; i <= many; ++i) {
    core.go(0, i);
    step add{op::atomic_add};
    add.actor = i;
    add.offset = x;
    add.size = 4;
    EXPECT_TRUE(core.play(add, 10).empty());
    if (i != 2) core.merge(i, 0);
    core.end(i);
  }
  core.acquire(1, 0);
  EXPECT_EQ(core.write(1, x, 4), 4u);  // of the first alone it knows nothing
}

// Among additions that nobody compares, a plain write is not overlooked, wherever it stands among them and
// whether its record's number is below or above theirs.
TEST(scale, a_plain_write_among_forty_relaxed_additions_races_with_every_later_one) {
  constexpr int many = 40, records_of_a_run = 64;
  for (int plain = 0; plain < many; ++plain) {
    scripted_core core;
    for (int i = 1; i <= many; ++i) core.go(0, i);
    const auto access = [&](op what, int actor, int offset, int index) {
      step s{what};
      s.actor = actor;
      s.offset = offset;
      s.size = 4;
      return core.play(s, static_cast<std::size_t>(index));
    };
    for (int i = 1; i <= many; ++i) {
      const bool writes = i == plain + 1;
      for (int k = 0; writes && plain % 2 == 0 && k < records_of_a_run; ++k) access(op::write, i, scratch, k);
      EXPECT_EQ(access(writes ? op::write : op::atomic_add, i, x, 10).empty(), i <= plain || i == 1)
          << plain << " " << i;
    }
  }
}

TEST(scale, a_hundred_thousand_goroutines_are_alive_at_once) {
  scripted_core core;
  constexpr int many = 100'000;
  core.go(0, 1);
  EXPECT_EQ(core.write(1, x, 4), 0u);
  const std::size_t before = internal_bytes_in_use();
  for (int i = 2; i <= many; ++i) core.go(0, i);
  for (int i = 2; i <= many; ++i) {
    core.write(i, scratch + 8 * static_cast<unsigned>(i), 8);
    core.merge(i, 0);
  }
  EXPECT_LT((internal_bytes_in_use() - before) / many, 2000u);  // bytes a goroutine
  core.acquire(many, 0);
  EXPECT_EQ(core.write(many, scratch + 16, 8), 0u);  // ordered by the merges
  EXPECT_EQ(core.write(many, x, 4), 4u);
}

TEST(scale, ten_million_releases_lie_between_two_racing_accesses) {
  scripted_core core;
  core.go(0, 1);
  core.go(0, 2);
  core.go(0, 3);
  EXPECT_EQ(core.write(1, x, 4), 0u);
  const std::size_t before = internal_bytes_in_use();
  for (int i = 0; i < 2'500'000; ++i) {
    core.release(2, 0);
    core.acquire(3, 0);
    core.release(3, 1);
    core.acquire(2, 1);
    core.release(2, 2);
    core.release(3, 3);
  }
  EXPECT_LT(internal_bytes_in_use() - before, mebibyte);
  EXPECT_EQ(core.write(2, x, 4), 4u);
}

TEST(scale, slots_and_records_of_a_million_dead_goroutines_are_used_again) {
  scripted_core core;
  core.go(0, 1);
  EXPECT_EQ(core.write(1, x, 4), 0u);
  const std::uint32_t sweeps = detector::world.sweeps();
  for (int i = 0; i < 1'000'000; ++i) {
    core.go(0, 2);
    core.write(2, scratch + 4 * static_cast<unsigned>(i % 1000), 4);
    core.merge(2, 0);
    core.acquire(0, 0);
    core.end(2);
  }
  EXPECT_GT(detector::world.sweeps(), sweeps);
  EXPECT_LT(detector::slots.slots_in_use(), 600'000u);
  EXPECT_EQ(core.write(0, x, 4), 4u);  // the first access of all, long ago
}

}  // namespace
}  // namespace snag::testing
