// SPDX-License-Identifier: Apache-2.0
// What Go's rules (tests/conformance/sync_test.cpp) do not say about pool: lifetimes, time, threads.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;

struct counted {
  static inline std::atomic<int> alive{0};
  counted() { ++alive; }
  counted(counted&&) noexcept { ++alive; }
  ~counted() { --alive; }
};

TEST(pool, moves_what_it_keeps) {
  pool<std::unique_ptr<int>> p;
  EXPECT_EQ(p.get(), nullptr);
  auto owned = std::make_unique<int>(5);
  const int* const address = owned.get();
  p.put(std::move(owned));
  EXPECT_EQ(p.get().get(), address);
  EXPECT_EQ(p.get(), nullptr);
}

TEST(pool, destroys_what_it_keeps_in_the_end) {
  on_every_schedule([] {
    {
      pool<counted> p;
      wait_group wg;
      for (int i = 0; i < 4; ++i) {
        wg.go([&] {
          counted a = p.get(), b = p.get();
          yield();
          p.put(std::move(a));
          p.put(std::move(b));
          p.shrink();
          (void)p.get();
        });
      }
      wg.wait();
      p.put(counted());
    }
    EXPECT_EQ(counted::alive, 0);
  });
}

TEST(pool, drops_what_is_not_used_as_time_goes_by) {
  on_every_seed(5, [] {
    {
      pool<counted> p;
      pool<int> other;
      p.put(counted());
      const auto put_and_get = [&](int times) {
        for (int i = 0; i < times; ++i) {
          p.put(counted());
          (void)p.get();
        }
      };
      put_and_get(1000);
      EXPECT_EQ(counted::alive, 1) << "no time has gone by";
      for (int i = 0; i < 2; ++i) {
        sleep_for(11s);
        put_and_get(64);  // a put in so many looks at the clock
      }
      EXPECT_EQ(counted::alive, 0);
    }
    EXPECT_EQ(counted::alive, 0);
  });
}

TEST(pool, has_the_time_of_everybody_also_in_a_bubble) {
  on_every_seed(5, [] {
    pool<counted> p;
    bubble([&] {
      for (int i = 0; i < 200; ++i) p.put(counted());
    });
    EXPECT_EQ(counted::alive, 200);
    for (int i = 0; i < 2; ++i) {
      sleep_for(11s);
      for (int j = 0; j < 64; ++j) p.put(p.get());
    }
    EXPECT_LT(counted::alive, 200);
  });
}

TEST(pool, a_make_that_throws_leaves_it_usable) {
  pool<int> p([]() -> int { throw std::runtime_error("cannot"); });
  EXPECT_THROW((void)p.get(), std::runtime_error);
  p.put(3);
  EXPECT_EQ(p.get(), 3);
}

TEST(pool, finds_what_others_put) {  // each thread has a cache like a worker's
  pool<int> p;
  std::barrier all_have_put(8);
  std::vector<std::thread> threads;
  for (int i = 1; i <= 8; ++i) {
    threads.emplace_back([&, i] {
      p.put(i);
      all_have_put.arrive_and_wait();  // none takes over the place of one that ended
    });
  }
  for (std::thread& t : threads) t.join();
  int sum = 0;
  for (int i = 0; i < 8; ++i) sum += p.get();
  EXPECT_EQ(sum, 36);
}

TEST(pool, threads_and_goroutines_share_it) {
  std::atomic<int> made{0};
  pool<std::unique_ptr<std::atomic<int>>> p([&] {
    ++made;
    return std::make_unique<std::atomic<int>>(0);
  });
  const auto use = [&] {
    for (int i = 0; i < 1000; ++i) {
      auto mine = p.get();
      EXPECT_EQ(++*mine, 1) << "somebody else has it, too";
      --*mine;
      p.put(std::move(mine));
    }
  };
  wait_group wg;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back(use);
  for (int i = 0; i < 4; ++i) wg.go(use);
  wg.wait();
  for (std::thread& t : threads) t.join();
  EXPECT_LE(made, 6 * 1000);
}

}  // namespace
}  // namespace snag::test
