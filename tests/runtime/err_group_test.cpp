// SPDX-License-Identifier: Apache-2.0
// What Go's rules (tests/conformance/xsync_test.cpp) do not say about err_group: values, handles, threads.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

TEST(err_group, takes_arguments_and_move_only_functions) {
  on_every_schedule([] {
    err_group group;
    int sum = 0;
    group.go([p = std::make_unique<int>(2), &sum](int a, std::unique_ptr<int> b) { sum = *p + a + *b; }, 3,
             std::make_unique<int>(4));
    EXPECT_FALSE(group.wait());
    EXPECT_EQ(sum, 9);
  });
}

TEST(err_group, a_task_may_answer_any_exception_as_its_error) {
  on_every_schedule([] {
    err_group group;
    group.go([] { return std::out_of_range("as a value"); });
    const error e = group.wait();
    EXPECT_STREQ(e.what(), "as a value");
    EXPECT_THROW(e.raise(), std::out_of_range);
  });
}

TEST(err_group, what_a_task_held_is_gone_when_wait_returns) {
  on_every_schedule([] {
    auto held = std::make_shared<int>(1);
    err_group group;
    group.go([held] {});
    group.go([held] { throw std::runtime_error("failed"); });
    group.go([](std::shared_ptr<int>) { return error("failed"); }, held);
    EXPECT_TRUE(group.wait());
    EXPECT_EQ(held.use_count(), 1);
  });
}

TEST(err_group, is_a_handle_and_tasks_may_start_tasks) {
  on_every_schedule([] {
    err_group group;
    std::atomic<int> ran{0};
    group.go([=, &ran] {
      ++ran;
      group.go([=, &ran] {
        ++ran;
        group.go([&ran] { ++ran; });
      });
    });
    err_group same = group;
    EXPECT_EQ(same, group);
    EXPECT_FALSE(same.wait());
    EXPECT_EQ(ran, 3);
    const err_group moved = std::move(same);
    EXPECT_EQ(moved, group);
    EXPECT_EQ(panic_of([&] { (void)same.wait(); }),
              "runtime error: invalid memory address or nil pointer dereference");
  });
}

TEST(err_group, goexit_is_no_failure) {
  on_every_schedule([] {
    err_group group;
    group.set_limit(1);
    group.go([] { goexit(); });
    group.go([] {});
    EXPECT_FALSE(group.wait());
  });
}

TEST(err_group_death_test, refuses_a_function_that_is_none) {
  EXPECT_EXIT(err_group().go(static_cast<void (*)()>(nullptr)), testing::ExitedWithCode(2),
              "fatal error: go of nil func value");
  EXPECT_EXIT((void)err_group().try_go(std::function<void()>()), testing::ExitedWithCode(2),
              "fatal error: go of nil func value");
  EXPECT_EXIT(wait_group().go(static_cast<void (*)()>(nullptr)), testing::ExitedWithCode(2),
              "fatal error: go of nil func value");
}

TEST(err_group, a_thrown_value_that_is_no_exception_ends_the_program) {
  EXPECT_EXIT(simulate(schedule::random(1),
                       [] {
                         err_group group;
                         group.go([] { throw 42; });
                         (void)group.wait();
                         std::_Exit(0);
                       }),
              testing::ExitedWithCode(2), "panic: ");
}

TEST(err_group, the_context_goes_with_a_group_that_nobody_waits_for) {
  on_every_schedule([] {
    context ctx;
    {
      auto made = err_group::with_context(context::background());
      ctx = made.ctx;
      made.group.go([] {});
      EXPECT_FALSE(ctx.err());
    }
    ctx.done().recv();
    EXPECT_EQ(ctx.err(), context::canceled);
  });
}

TEST(err_group, a_parents_cancellation_reaches_the_tasks) {
  on_every_schedule([] {
    auto [parent, cancel] = with_cancel(context::background());
    auto [group, ctx] = err_group::with_context(parent);
    group.go([ctx = ctx] {
      ctx.done().recv();
      return ctx.err();
    });
    cancel();
    EXPECT_EQ(group.wait(), context::canceled);
  });
}

TEST(err_group, a_thread_that_is_no_goroutine_may_use_it) {
  err_group group;
  group.set_limit(2);
  std::atomic<int> ran{0};
  std::thread([&] {
    for (int i = 0; i < 50; ++i) group.go([&] { ++ran; });
    EXPECT_FALSE(group.wait());
  }).join();
  EXPECT_EQ(ran, 50);
}

}  // namespace
}  // namespace snag::test
