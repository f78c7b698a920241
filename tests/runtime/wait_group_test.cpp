// SPDX-License-Identifier: Apache-2.0
// Go's rules for sync.WaitGroup.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

TEST(wait_group, waits_until_everything_is_done) {
  on_every_schedule([] {
    wait_group wg;
    wg.wait();  // nothing to wait for
    std::atomic<int> done{0};
    for (int i = 0; i < 10; ++i) {
      wg.go([&] { ++done; });
    }
    wg.wait();
    EXPECT_EQ(done, 10);
  });
}

TEST(wait_group, releases_many_waiters_and_may_be_used_again) {
  on_every_schedule([] {
    wait_group first, second;
    for (int round = 0; round < 5; ++round) {
      first.add(16);
      second.add(16);
      chan<bool> exited(16);
      for (int i = 0; i < 16; ++i) {
        go([=] {
          first.done();
          second.wait();
          exited << true;
        });
      }
      first.wait();
      for (int i = 0; i < 16; ++i) {
        EXPECT_EQ(exited.try_recv(), chan_status::empty) << "released too early";
        second.done();
      }
      for (int i = 0; i < 16; ++i) exited.recv();
    }
  });
}

TEST(wait_group, a_negative_counter_panics) {
  simulate(schedule::random(1), [] {
    wait_group wg;
    wg.add(1);
    wg.done();
    EXPECT_EQ(panic_of([&] { wg.done(); }), "sync: negative WaitGroup counter");
  });
}

TEST(wait_group, reuse_before_the_waits_have_returned_panics) {
  int seen = 0;
  for (int seed = 1; seed <= 50; ++seed) {
    simulate(schedule::random(seed), [&] {
      wait_group wg;
      wg.add(1);
      go([&, wg] {
        const std::string what = panic_of([&] { wg.wait(); });
        EXPECT_TRUE(what == "" || what == "sync: WaitGroup is reused before previous Wait has returned")
            << what;
        seen += what != "";
      });
      let_others_block();
      wg.done();
      wg.add(1);  // too early, unless the waiter happened to run first
    });
  }
  EXPECT_GT(seen, 0);
}

TEST(wait_group, legal_use_never_panics) {
  on_every_schedule([] {
    for (int i = 0; i < 20; ++i) {
      wait_group wg;
      std::atomic<int> n{0};
      wg.add(1);
      go([&, wg] { ++n, wg.done(); });
      go([&, wg] { (void)0; });
      wg.add(1);
      go([&, wg] { ++n, wg.done(); });
      wg.wait();
      EXPECT_EQ(n, 2);
    }
  });
}

TEST(wait_group, is_a_handle) {
  on_every_schedule([] {
    auto work = [](wait_group by_value, int& out) {
      out = 1;
      by_value.done();
    };
    wait_group wg;
    int out = 0;
    wg.add(1);
    go(work, wg, std::ref(out));
    wg.wait();
    EXPECT_EQ(out, 1);
    wait_group moved = std::move(wg);
    EXPECT_FALSE(moved == wg);
    EXPECT_EQ(panic_of([&] { wg.add(1); }),
              "runtime error: invalid memory address or nil pointer dereference");
  });
}

TEST(wait_group, go_takes_arguments_and_move_only_functions) {
  on_every_schedule([] {
    wait_group wg;
    int sum = 0;
    wg.go([p = std::make_unique<int>(2), &sum](int a, std::unique_ptr<int> b) { sum = *p + a + *b; }, 3,
          std::make_unique<int>(4));
    wg.wait();
    EXPECT_EQ(sum, 9);
  });
}

TEST(wait_group, what_a_task_held_is_gone_when_wait_returns) {
  on_every_schedule([] {
    auto held = std::make_shared<int>(1);
    wait_group wg;
    wg.go([held] {});
    wg.go([](std::shared_ptr<int>) {}, held);
    const auto same = held;
    wg.go([same] {});  // a const member of the closure, which cannot be moved
    wg.wait();
    EXPECT_EQ(held.use_count(), 2);
  });
}

TEST(wait_group, goexit_counts_as_done) {
  on_every_schedule([] {
    wait_group wg;
    wg.go([] { goexit(); });
    wg.wait();
  });
}

TEST(wait_group, a_task_that_panics_ends_the_program) {
  EXPECT_EXIT(simulate(schedule::random(1),
                       [] {
                         wait_group wg;
                         wg.go([] { panic("task failed"); });
                         wg.wait();
                         std::_Exit(0);
                       }),
              testing::ExitedWithCode(2), "panic: task failed");
}

}  // namespace
}  // namespace snag::test
