// SPDX-License-Identifier: Apache-2.0
#include "detector/src/internal_memory.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <random>
#include <set>
#include <thread>

namespace snag::detector {
namespace {

TEST(internal_memory, blocks_of_every_size_are_aligned_and_disjoint) {
  std::mt19937 random(1);
  struct block {
    unsigned char* at;
    std::size_t size;
    unsigned char mark;
  };
  std::vector<block> live;
  for (int i = 0; i < 20000; ++i) {
    if (live.size() < 500 || random() % 2) {
      const std::size_t size = random() % (random() % 16 == 0 ? 300'000 : 700);
      auto* at = static_cast<unsigned char*>(internal_allocate(size));
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(at) % 16, 0u);
      const auto mark = static_cast<unsigned char>(random());
      std::memset(at, mark, size);
      live.push_back({at, size, mark});
    } else {
      const std::size_t k = random() % live.size();
      for (std::size_t b = 0; b < live[k].size; ++b) ASSERT_EQ(live[k].at[b], live[k].mark);
      internal_release(live[k].at, live[k].size);
      live[k] = live.back();
      live.pop_back();
    }
  }
  for (const block& b : live) internal_release(b.at, b.size);
}

TEST(internal_memory, released_blocks_are_used_again) {
  void* first = internal_allocate(100);
  internal_release(first, 100);
  EXPECT_EQ(internal_allocate(100), first);
  internal_release(first, 100);
}

TEST(internal_memory, use_is_counted_and_returns_to_where_it_was) {
  const std::size_t before = internal_bytes_in_use();
  {
    vector<int> v(1000);
    string s(5000, 'x');
    EXPECT_GE(internal_bytes_in_use(), before + 9000);
  }
  EXPECT_EQ(internal_bytes_in_use(), before);
}

TEST(internal_memory, reserved_tables_are_zero_and_cost_nothing_until_touched) {
  auto* table = static_cast<unsigned char*>(internal_reserve(std::size_t{1} << 36));
  EXPECT_EQ(table[0], 0);
  EXPECT_EQ(table[(std::size_t{1} << 36) - 1], 0);
}

TEST(internal_memory, threads_may_allocate_at_once) {
  auto work = [](unsigned seed) {
    std::mt19937 random(seed);
    for (int i = 0; i < 50000; ++i) {
      const std::size_t size = 1 + random() % 200;
      auto* p = static_cast<unsigned char*>(internal_allocate(size));
      std::memset(p, static_cast<int>(seed), size);
      for (std::size_t b = 0; b < size; ++b)
        if (p[b] != static_cast<unsigned char>(seed)) std::abort();
      internal_release(p, size);
    }
  };
  std::thread a(work, 1), b(work, 2);
  a.join();
  b.join();
}

TEST(internal_memory, a_store_serves_one_thread_after_another_and_gives_back_what_is_too_much) {
  static internal_store store;
  constexpr std::size_t many = 10'000, size = 72;
  const std::size_t before = internal_bytes_in_use();
  std::vector<void*> blocks(many);
  std::thread([&] {
    store.serve_this_thread();
    for (void*& b : blocks) b = internal_allocate(size);
  }).join();
  EXPECT_EQ(internal_bytes_in_use(), before + many * 80);  // the class's size
  EXPECT_EQ(std::set<void*>(blocks.begin(), blocks.end()).size(), many);
  std::thread([&] {
    store.serve_this_thread();
    for (void* b : blocks) internal_release(b, size);
  }).join();
  EXPECT_EQ(internal_bytes_in_use(), before);
  // Nearly all of them are there for others.
  const std::set<void*> old(blocks.begin(), blocks.end());
  std::size_t again = 0;
  for (void*& b : blocks) again += old.contains(b = internal_allocate(size));
  EXPECT_GT(again, many - 100);
  for (void* b : blocks) internal_release(b, size);
}

TEST(internal_memory, a_signal_handler_may_interrupt_the_use_of_a_store) {
  static internal_store store;
  constexpr std::size_t size = 48;
  static std::atomic<unsigned> handled;
  struct sigaction action = {}, old;
  action.sa_handler = [](int) {
    void* const b = internal_allocate(size);
    std::memset(b, 0xff, size);
    internal_release(b, size);
    ++handled;
  };
  sigaction(SIGUSR2, &action, &old);
  std::atomic<bool> done{false};
  std::thread user([&] {
    store.serve_this_thread();
    std::vector<unsigned char*> live;
    for (unsigned i = 0; handled < 2'000 || i < 100'000; ++i) {
      auto* const b = static_cast<unsigned char*>(internal_allocate(size));
      std::memset(b, static_cast<int>(live.size()), size);
      live.push_back(b);
      if (live.size() < 100) continue;
      for (std::size_t k = 0; k < live.size(); ++k) {
        if (live[k][size - 1] != k || live[k][0] != k) std::abort();
        internal_release(live[k], size);
      }
      live.clear();
    }
    for (unsigned char* b : live) internal_release(b, size);
    done = true;
  });
  while (!done) pthread_kill(user.native_handle(), SIGUSR2);
  user.join();
  sigaction(SIGUSR2, &old, nullptr);
}

}  // namespace
}  // namespace snag::detector
