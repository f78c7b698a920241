// SPDX-License-Identifier: Apache-2.0
// once, once_func, once_value: Go's rules for sync.Once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST(once, runs_once_and_everybody_waits_for_it) {
  on_every_schedule([] {
    once o;
    std::atomic<int> runs{0};
    bool finished = false;
    wait_group wg;
    for (int i = 0; i < 5; ++i) {
      wg.go([&] {
        o.call([&] {
          ++runs;
          yield();
          finished = true;
        });
        EXPECT_TRUE(finished);
      });
    }
    wg.wait();
    EXPECT_EQ(runs, 1);
  });
}

TEST(once, a_panic_counts_as_done) {
  simulate(schedule::random(1), [] {
    once o;
    EXPECT_EQ(panic_of([&] { o.call([] { panic("failed"); }); }), "failed");
    o.call([] { ADD_FAILURE(); });
    call_once(o, [] { ADD_FAILURE(); });
  });
}

TEST(once, within_itself_deadlocks) {
  EXPECT_EXIT(simulate(schedule::random(1),
                       [] {
                         once o;
                         o.call([&] { o.call([] {}); });
                       }),
              testing::ExitedWithCode(2), "all goroutines are asleep - deadlock!");
}

TEST(once, func_and_value_remember) {
  simulate(schedule::random(1), [] {
    int runs = 0;
    auto value = once_value([&] { return std::string("v") + std::to_string(++runs); });
    auto copy = value;
    EXPECT_EQ(value(), "v1");
    EXPECT_EQ(copy(), "v1");
    auto func = once_func([&] { ++runs, panic("again"); });
    EXPECT_EQ(panic_of(func), "again");
    EXPECT_EQ(panic_of(func), "again");
    EXPECT_EQ(runs, 2);
  });
}

TEST(once, func_keeps_nothing_once_it_has_run) {
  on_every_schedule([] {
    const auto held = std::make_shared<int>(1);
    const auto func = once_func([held] {});
    const auto value = once_value([held] { return *held; });
    const auto panics = once_func([held] { panic("no"); });
    EXPECT_EQ(held.use_count(), 4);
    func();
    EXPECT_EQ(value(), 1);
    EXPECT_EQ(panic_of(panics), "no");
    EXPECT_EQ(held.use_count(), 1);
    func();
    EXPECT_EQ(value(), 1);
  });
}

}  // namespace
}  // namespace snag::test
