// SPDX-License-Identifier: Apache-2.0
// What Go's rules (tests/conformance/xsync_test.cpp) do not say about semaphore: times, threads, many at
// once.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;

TEST(semaphore, counts_as_the_standards_does) {
  on_every_schedule([] {
    semaphore s(2);
    s.acquire();
    EXPECT_TRUE(s.try_acquire());
    EXPECT_FALSE(s.try_acquire());
    s.release();
    s.acquire();
    s.release(2);
    s.acquire(0);
    s.release(0);
  });
}

TEST(semaphore, waits_for_so_long_at_most) {
  on_every_seed(20, [] {
    semaphore s(1);
    EXPECT_TRUE(s.try_acquire_for(1h));
    const auto start = clock::now();
    EXPECT_FALSE(s.try_acquire_for(1h));
    EXPECT_EQ(clock::now() - start, 1h);
    go([&] {
      sleep_for(30min);
      s.release();
    });
    EXPECT_TRUE(s.try_acquire_for(1h));
    EXPECT_EQ(clock::now() - start, 90min);
    EXPECT_FALSE(s.try_acquire_for(0s));
  });
}

TEST(semaphore, negative_numbers_panic) {
  simulate(schedule::random(1), [] {
    EXPECT_EQ(panic_of([] { semaphore s(-1); }), "semaphore: negative size");
    semaphore s(1);
    EXPECT_EQ(panic_of([&] { s.acquire(-1); }), "semaphore: negative weight");
    EXPECT_EQ(panic_of([&] { (void)s.acquire(context::background(), -1); }), "semaphore: negative weight");
    EXPECT_EQ(panic_of([&] { (void)s.try_acquire(-1); }), "semaphore: negative weight");
    EXPECT_EQ(panic_of([&] { s.release(-1); }), "semaphore: negative weight");
  });
}

TEST(semaphore, never_gives_out_more_than_it_has) {
  on_every_schedule([] {
    semaphore s(5);
    std::atomic<int> used{0};
    wait_group wg;
    for (int i = 1; i <= 5; ++i) {
      wg.go([&, i] {
        for (int round = 0; round < 10; ++round) {
          if ((i + round) % 3 == 0) {
            const auto limit = with_timeout(context::background(), 1us * round);
            if (s.acquire(limit.ctx, i)) continue;
          } else if ((i + round) % 3 == 1) {
            s.acquire(i);
          } else if (!s.try_acquire(i)) {
            continue;
          }
          EXPECT_LE(used += i, 5);
          yield();
          used -= i;
          s.release(i);
        }
      });
    }
    wg.wait();
    EXPECT_TRUE(s.try_acquire(5)) << "units were lost";
  });
}

TEST(semaphore, threads_and_goroutines_share_it) {
  semaphore s(2);
  std::atomic<int> used{0};
  const auto use = [&] {
    for (int i = 0; i < 500; ++i) {
      if (i % 2 == 0)
        s.acquire();
      else
        EXPECT_FALSE(s.acquire(context::background()));
      EXPECT_LE(++used, 2);
      --used;
      s.release();
    }
  };
  wait_group wg;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back(use);
  for (int i = 0; i < 4; ++i) wg.go(use);
  wg.wait();
  for (std::thread& t : threads) t.join();
  EXPECT_TRUE(s.try_acquire(2));
}

}  // namespace
}  // namespace snag::test
