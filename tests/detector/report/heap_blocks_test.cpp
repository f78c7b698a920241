// SPDX-License-Identifier: Apache-2.0
#include "detector/src/heap_blocks.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <random>
#include <thread>
#include <vector>

#include "tests/detector/report/fake_core.h"

extern "C" void* __libc_malloc(std::size_t);
extern "C" void __libc_free(void*);
extern "C" void* __libc_memalign(std::size_t, std::size_t);

namespace snag::detector {
namespace {

char* described(std::size_t n) {
  auto* p = static_cast<char*>(__libc_malloc(n));
  describe_heap_block(p, n, on_allocated(p, n));
  return p;
}
void release(void* p) {
  forget_heap_block(p);
  __libc_free(p);
}

TEST(heap_blocks, interior_pointers_find_their_block) {
  fake::the_world().self = events::goroutine_id{7};
  for (const std::size_t n : {1u, 16u, 24u, 100u, 4096u, 1u << 20, 5u << 20, 40u << 20}) {
    char* p = described(n);
    std::size_t size = 0;
    ASSERT_EQ(described_size(p, size), block_state::live);
    EXPECT_EQ(size, n);
    for (const std::size_t at : {std::size_t{0}, n / 2, n - 1}) {
      heap_block b;
      ASSERT_TRUE(find_heap_block(p + at, b)) << n << " at " << at;
      EXPECT_EQ(b.begin, p);
      EXPECT_EQ(b.size, n);
      EXPECT_EQ(b.owner, events::goroutine_id{7});
    }
    heap_block b;
    EXPECT_FALSE(find_heap_block(p + n, b)) << n;
    release(p);
    EXPECT_FALSE(find_heap_block(p, b));
    EXPECT_EQ(described_size(p, size), block_state::foreign);
  }
  fake::the_world().self = events::goroutine_id::main;
}

TEST(heap_blocks, know_where_they_were_allocated) {
  fake::reset();
  const hooks::site* call = fake::add_site({.kind = hooks::site_kind::call, .line = 3, .function = "make()"});
  fake::the_world().call = call;
  fake::the_world().context = fake::add_context({call});
  char* p = described(48);
  heap_block b;
  ASSERT_TRUE(find_heap_block(p + 47, b));
  EXPECT_EQ(b.site, call);
  EXPECT_EQ(b.context, fake::the_world().context);
  release(p);
  fake::reset();
}

TEST(heap_blocks, an_overrun_by_the_user_changes_nothing) {
  char* p = described(24);
  char* next = described(24);
  const std::size_t room = glibc_usable_size(p);
  memset(p + 24, 0xAA, room - 24);
  for (char* const block : {p, next}) {
    heap_block b;
    ASSERT_TRUE(find_heap_block(block + 23, b));
    EXPECT_EQ(b.begin, block);
    EXPECT_EQ(b.size, 24u);
    std::size_t size = 0;
    EXPECT_EQ(described_size(block, size), block_state::live);
    EXPECT_EQ(size, 24u);
  }
  release(next);
  release(p);
}

TEST(heap_blocks, small_neighbours_and_the_largest_are_told_apart) {
  // glibc's smallest chunks: 32 bytes each, one after the other.
  std::vector<char*> small;
  for (std::size_t i = 0; i < 4096; ++i) small.push_back(described(i % 25));
  for (std::size_t i = 0; i < small.size(); ++i) {
    std::size_t size = 99;
    ASSERT_EQ(described_size(small[i], size), block_state::live);
    EXPECT_EQ(size, i % 25);
  }
  for (char* const p : small) release(p);

  const std::size_t n = (std::size_t{5} << 30) + 12'345;  // not backed
  char* const p = described(n);
  heap_block b;
  for (const std::size_t at : {std::size_t{0}, n / 2, n - 1}) {
    ASSERT_TRUE(find_heap_block(p + at, b)) << at;
    EXPECT_EQ(b.begin, p);
    EXPECT_EQ(b.size, n);
  }
  EXPECT_FALSE(find_heap_block(p + n, b));
  release(p);
  EXPECT_FALSE(find_heap_block(p + n / 2, b));
}

TEST(heap_blocks, that_were_freed_stay_known_until_they_are_forgotten) {
  char* const p = described(100);
  ASSERT_TRUE(mark_freed_block(p));
  std::size_t size = 0;
  EXPECT_EQ(described_size(p, size), block_state::freed);
  heap_block b;
  ASSERT_TRUE(find_heap_block(p + 50, b));
  EXPECT_TRUE(b.freed);
  EXPECT_EQ(b.size, 100u);
  release(p);
  EXPECT_EQ(described_size(p, size), block_state::foreign);
}

TEST(heap_blocks, of_a_library_are_not_kept) {
  char* const p = described(100);
  adopt_heap_block(p);
  EXPECT_TRUE(is_adopted(p + 99));
  EXPECT_FALSE(mark_freed_block(p));
  std::size_t size = 0;
  EXPECT_EQ(described_size(p, size), block_state::live);
  release(p);
}

// A block in the second half of 32 bytes does not contain what lies in the first, nor is its start taken for
// the unit's.
TEST(heap_blocks, start_at_any_sixteen_bytes) {
  alignas(1024) static char memory[4096];
  for (const std::size_t at : {std::size_t{1024}, std::size_t{1040}, std::size_t{2032}}) {
    char* const p = memory + at;
    describe_heap_block(p, 700, {});
    heap_block b;
    for (const std::size_t in : {0u, 15u, 16u, 699u}) {
      ASSERT_TRUE(find_heap_block(p + in, b)) << at << " and " << in;
      EXPECT_EQ(b.begin, p);
    }
    EXPECT_FALSE(find_heap_block(p - 1, b));
    EXPECT_FALSE(find_heap_block(p + 700, b));
    std::size_t size = 0;
    EXPECT_EQ(described_size(p - 16, size), block_state::foreign);
    EXPECT_EQ(described_size(p + 16, size), block_state::foreign);
    forget_heap_block(p);
    EXPECT_FALSE(find_heap_block(p, b));
  }
}

TEST(heap_blocks, agree_with_glibc_on_usable_sizes) {
  for (const std::size_t n : {1u, 24u, 25u, 1000u, 200'000u, 1u << 20, 64u << 20}) {
    void* p = __libc_malloc(n);
    EXPECT_GE(glibc_usable_size(p), n);
    EXPECT_EQ(glibc_usable_size(p), malloc_usable_size(p));  // not described: glibc's answer
    __libc_free(p);
  }
}

TEST(heap_blocks, random_blocks_against_an_obvious_list) {
  struct owned {
    char* p;
    std::size_t n;
  };
  std::mt19937 random(7);
  std::vector<owned> live;
  for (int step = 0; step < 20'000; ++step) {
    if (live.empty() || random() % 5 < 3) {
      const std::size_t n = random() % (random() % 50 == 0 ? 300'000 : 400);
      char* p;
      if (random() % 4 == 0) {
        p = static_cast<char*>(__libc_memalign(std::size_t{16} << random() % 8, n));
        describe_heap_block(p, n, {});
      } else {
        p = described(n);
      }
      live.push_back({p, n});
    } else {
      const std::size_t i = random() % live.size();
      release(live[i].p);
      live[i] = live.back();
      live.pop_back();
    }
    if (live.empty()) continue;
    const owned& o = live[random() % live.size()];
    heap_block b;
    if (o.n == 0) continue;
    ASSERT_TRUE(find_heap_block(o.p + random() % o.n, b));
    ASSERT_EQ(b.begin, o.p);
    ASSERT_EQ(b.size, o.n);
  }
  for (const owned& o : live) release(o.p);
}

TEST(heap_blocks, look_ups_read_nothing_of_the_programs) {
  // Large blocks are unmapped by free: a look-up of one would crash.
  std::atomic<char*> shared{nullptr};
  std::atomic<bool> stop{false};
  std::thread looker([&] {
    while (!stop) {
      heap_block b;
      if (char* p = shared.load()) find_heap_block(p + 100, b);
    }
  });
  for (int i = 0; i < 3000; ++i) {
    char* p = described(1 << 20);
    shared = p;
    release(p);
  }
  stop = true;
  looker.join();
}

}  // namespace
}  // namespace snag::detector
