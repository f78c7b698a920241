// SPDX-License-Identifier: Apache-2.0
#include "snag/runtime_stats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/every_schedule.h"

// Dumps take what is in namespace snag for the library.
namespace user {

[[gnu::noinline]] void waits_here(const snag::chan<int>& c) {
  c.recv();
  asm volatile("");
}
[[gnu::noinline]] std::string traces_itself() {
  std::string text = snag::stack_trace();
  asm volatile("");
  return text;
}

}  // namespace user

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::int64_t waiting_for(const runtime_statistics& stats, const std::string& reason) {
  for (const auto& w : stats.waiting)
    if (w.reason == reason) return w.count;
  return 0;
}

TEST(runtime_stats, counts_goroutines_by_state) {
  on_every_seed(50, [] {
    const chan<int> never;
    mutex m;
    m.lock();
    wait_group wg;
    for (int i = 0; i < 3; ++i) wg.go([&] { never.recv(); });
    for (int i = 0; i < 2; ++i)
      wg.go([&] {
        m.lock();
        m.unlock();
      });
    wg.go([] { sleep_for(1h); });
    let_others_block();
    wg.go([] {});
    const runtime_statistics before = runtime_stats();
    EXPECT_EQ(before.goroutines, 7 + before.runnable);  // the last one may have run
    EXPECT_EQ(before.running, 1);
    EXPECT_EQ(waiting_for(before, "chan receive"), 3);
    EXPECT_EQ(waiting_for(before, "sync.Mutex.Lock"), 2);
    EXPECT_EQ(waiting_for(before, "sleep"), 1);
    EXPECT_EQ(before.waiting_in_all() + before.runnable + before.running, before.goroutines);
    EXPECT_EQ(before.timers, 1U);
    EXPECT_EQ(before.created, 8U);
    EXPECT_EQ(before.ended, 1U - static_cast<std::uint64_t>(before.runnable));
    EXPECT_GE(before.stack_bytes, 6U * 100'000);
    never.close();
    m.unlock();
    wg.wait();
    let_others_block();
    const runtime_statistics after = runtime_stats();
    EXPECT_EQ(after.goroutines, 1);
    EXPECT_EQ(after.created, before.created);
    EXPECT_EQ(after.ended, 7U);
    EXPECT_GT(after.switches, before.switches);
    EXPECT_EQ(after.waiting_in_all(), 0);
  });
}

TEST(runtime_stats, adds_up_on_real_threads) {
  max_procs(4);
  const runtime_statistics before = runtime_stats();
  wait_group wg;
  for (int i = 0; i < 500; ++i)
    wg.go([] {
      for (int k = 0; k < 20; ++k) yield();
    });
  wg.wait();
  while (num_goroutine() > 1) yield();
  const runtime_statistics after = runtime_stats();
  EXPECT_EQ(after.created - before.created, 500U);
  EXPECT_EQ(after.ended - before.ended, 500U);
  EXPECT_GE(after.switches - before.switches, 500U);
  EXPECT_GE(after.workers, 1U);
}

TEST(runtime_stats, tells_where_goroutines_wait_and_how_long) {
  EXPECT_TRUE(runtime_stats().wait_sites.empty());
  collect_wait_sites(true);
  simulate(schedule::random(3), [] {
    const chan<int> c;
    for (int i = 0; i < 3; ++i) go([c] { user::waits_here(c); });
    sleep_for(1h);
    c << 1;
    sleep_for(1h);
    const runtime_statistics stats = runtime_stats();
    const auto site = std::find_if(stats.wait_sites.begin(), stats.wait_sites.end(), [](const wait_site& s) {
      return s.function.find("user::waits_here") != s.function.npos;
    });
    ASSERT_NE(site, stats.wait_sites.end());
    EXPECT_EQ(site->reason, "chan receive");
    EXPECT_EQ(site->count, 3U);
    EXPECT_EQ(site->waiting, 2);
    EXPECT_GE(site->total, 5h);
    EXPECT_LT(site->total, 5h + 1s);
    EXPECT_THAT(site->file, HasSubstr("runtime_stats_test"));
    EXPECT_GT(site->line, 0);
    c.close();
  });
  collect_wait_sites(false);
}

TEST(stack_trace, is_that_of_the_caller_in_the_format_of_dumps) {
  const std::string mine = user::traces_itself();
  EXPECT_THAT(mine, testing::StartsWith("goroutine 1 [running]:\n"));
  EXPECT_THAT(mine, HasSubstr("user::traces_itself"));
  const chan<std::string> c;
  go({.name = "first"}, [c] {
    EXPECT_STREQ(goroutine_name(), "first");
    set_goroutine_name("second");
    EXPECT_STREQ(goroutine_name(), "second");
    c << user::traces_itself();
  });
  const std::string theirs = c.recv();
  EXPECT_THAT(theirs, HasSubstr(" [running, name \"second\"]:\n"));
  EXPECT_THAT(theirs, HasSubstr("created by "));
}

TEST(stack_trace, may_be_asked_for_by_many_at_once) {
  wait_group wg;
  std::vector<std::thread> threads;
  const auto ask = [] {
    for (int i = 0; i < 5; ++i) EXPECT_THAT(user::traces_itself(), HasSubstr("user::traces_itself"));
  };
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(ask);
    wg.go(ask);
  }
  wg.wait();
  for (std::thread& t : threads) t.join();
}

}  // namespace
}  // namespace snag::test
