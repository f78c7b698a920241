// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/stack_arena.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

namespace snag::detail {
namespace {

constexpr std::size_t usable = stack_arena::smallest_usable;

std::size_t resident_pages(stack_block s) {
  const auto bytes = static_cast<std::size_t>(s.high - s.low);
  std::vector<unsigned char> pages(bytes / 4096);
  mincore(s.low, bytes, pages.data());
  return static_cast<std::size_t>(
      std::count_if(pages.begin(), pages.end(), [](unsigned char p) { return p & 1; }));
}

TEST(stack_arena, gives_stacks_of_the_default_size_or_larger) {
  stack_arena arena;
  const stack_block a = arena.allocate(0);
  EXPECT_GE(static_cast<std::size_t>(a.high - a.low), usable);
  const stack_block b = arena.allocate(1 << 20);
  EXPECT_GE(b.high - b.low, 1 << 20);
  const stack_block c = arena.allocate(std::size_t{100} << 20);
  EXPECT_GE(c.high - c.low, std::ptrdiff_t{100} << 20);
  for (const stack_block s : {a, b, c}) {
    s.low[0] = std::byte{1};
    s.high[-1] = std::byte{1};
  }
}

TEST(stack_arena, the_first_ones_have_most_room) {
  stack_arena arena;
  std::vector<std::ptrdiff_t> sizes;
  for (int i = 0; i < 20'000; ++i) {
    const stack_block s = arena.allocate(0);
    sizes.push_back(s.high - s.low + static_cast<std::ptrdiff_t>(stack_arena::guard_size));
  }
  EXPECT_TRUE(std::is_sorted(sizes.rbegin(), sizes.rend()));
  EXPECT_EQ(std::count(sizes.begin(), sizes.end(), 64 << 20), 1'024);
  EXPECT_EQ(std::count(sizes.begin(), sizes.end(), 256 << 10), 8'192);
  EXPECT_EQ(sizes.back(), 48 << 10);
}

TEST(stack_arena, stacks_do_not_overlap) {
  stack_arena arena;
  std::set<std::byte*> highs;
  std::vector<stack_block> all;
  for (int i = 0; i < 1000; ++i) all.push_back(arena.allocate(i % 10 == 0 ? 600'000 : 0));
  std::sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.low < b.low; });
  for (std::size_t i = 1; i < all.size(); ++i)
    EXPECT_LE(all[i - 1].high + stack_arena::guard_size, all[i].low);
}

TEST(stack_arena, commits_only_what_is_touched) {
  stack_arena arena;
  const stack_block s = arena.allocate(0);
  s.high[-1] = std::byte{1};
  EXPECT_EQ(resident_pages(s), 1u);
}

TEST(stack_arena, reuses_the_last_one_released) {
  stack_arena arena;
  const stack_block a = arena.allocate(0), b = arena.allocate(0);
  arena.release(a);
  arena.release(b);
  EXPECT_EQ(arena.allocate(0).low, b.low);
  EXPECT_EQ(arena.allocate(0).low, a.low);
}

TEST(stack_arena, trim_gives_back_what_was_not_used_between_two_calls) {
  stack_arena arena;
  std::vector<stack_block> all;
  for (int i = 0; i < 100; ++i) {
    all.push_back(arena.allocate(0));
    std::memset(all.back().high - 8192, 1, 8192);
  }
  for (const stack_block s : all) arena.release(s);
  arena.trim();  // they were in use since the last call
  EXPECT_EQ(resident_pages(all[0]), 2u);
  arena.trim();
  for (const stack_block s : all) EXPECT_EQ(resident_pages(s), 0u);
  EXPECT_EQ(arena.pooled(), 100u);
  const stack_block again = arena.allocate(0);
  again.high[-1] = std::byte{1};  // still mapped
}

TEST(stack_arena, finds_the_stack_of_an_address) {
  stack_arena arena;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1} << 20, std::size_t{200} << 20}) {
    const stack_block s = arena.allocate(size);
    for (const std::byte* p :
         {s.low, s.high - 1, s.low - 1, s.low - stack_arena::guard_size, s.low + (s.high - s.low) / 2})
      EXPECT_EQ(arena.find(p).low, s.low);
  }
  int local;
  EXPECT_FALSE(arena.find(&local));
  EXPECT_FALSE(arena.find(nullptr));
}

class stack_arena_guards : public ::testing::TestWithParam<stack_arena::guard_kind> {};

TEST_P(stack_arena_guards, writing_below_the_stack_faults) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        stack_arena arena(GetParam());
        const stack_block s = arena.allocate(0);
        *const_cast<volatile std::byte*>(s.low - 1) = std::byte{1};
      },
      ::testing::KilledBySignal(SIGSEGV), "");
}
INSTANTIATE_TEST_SUITE_P(kinds, stack_arena_guards,
                         ::testing::Values(stack_arena::guard_kind::madvise,
                                           stack_arena::guard_kind::mprotect));

TEST(stack_arena, steps_down_to_canaries_when_guards_run_out) {
  stack_arena arena(stack_arena::guard_kind::mprotect, /*mprotect_limit=*/3, /*quiet=*/true);
  for (int i = 0; i < 3; ++i) arena.allocate(0);
  EXPECT_EQ(arena.guards(), stack_arena::guard_kind::mprotect);
  const stack_block s = arena.allocate(0);
  EXPECT_EQ(arena.guards(), stack_arena::guard_kind::canary);
  EXPECT_TRUE(arena.intact(s));
  s.low[-8] = std::byte{1};
  EXPECT_FALSE(arena.intact(s));
}

TEST(stack_arena, does_not_look_into_the_guards_of_stacks_that_still_got_one) {
  stack_arena arena(stack_arena::guard_kind::mprotect, /*mprotect_limit=*/1, /*quiet=*/true);
  const stack_block guarded = arena.allocate(0);
  const stack_block bare = arena.allocate(0);
  ASSERT_EQ(arena.guards(), stack_arena::guard_kind::canary);
  EXPECT_TRUE(arena.intact(guarded));
  EXPECT_TRUE(arena.intact(bare));
  bare.low[-1] = std::byte{1};
  EXPECT_FALSE(arena.intact(bare));
}

TEST(stack_arena, guards_of_100000_stacks_do_not_use_up_mappings) {
  stack_arena arena;
  if (arena.allocate(0), arena.guards() != stack_arena::guard_kind::madvise)
    GTEST_SKIP() << "needs Linux 6.13";
  for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(arena.allocate(0));
  EXPECT_EQ(arena.guards(), stack_arena::guard_kind::madvise);
}

}  // namespace
}  // namespace snag::detail
