// SPDX-License-Identifier: Apache-2.0
// Sleeping, timers, tickers: Go's rules for package time, from 1.23 on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST(sleep_for, pauses_at_least_that_long_and_only_the_caller) {
  on_every_seed(20, [] {
    const auto start = clock::now();
    std::vector<int> order;
    wait_group wg;
    for (int i : {3, 1, 2}) {
      wg.go([&, i] {
        sleep_for(std::chrono::seconds(i));
        order.push_back(i);
      });
    }
    wg.wait();
    EXPECT_THAT(order, ElementsAre(1, 2, 3));
    EXPECT_EQ(clock::now() - start, 3s);
    sleep_for(0s);
    sleep_for(-1h);
    EXPECT_EQ(clock::now() - start, 3s);
    sleep_until(clock::now() + 2s);
    EXPECT_EQ(clock::now() - start, 5s);
    sleep_until(std::chrono::steady_clock::now() - 1h);
    sleep_for(1.5s);
    EXPECT_EQ(clock::now() - start, 6500ms);
    sleep_for(std::chrono::duration<int, std::pico>(1));  // a fraction of a nanosecond waits, too
    EXPECT_EQ(clock::now() - start, 6500ms + 1ns);
  });
  const auto start = std::chrono::steady_clock::now();
  sleep_for(5ms);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 5ms);
}

TEST(sleep_for, what_is_too_long_saturates) {
  EXPECT_EXIT(simulate(schedule::random(1),
                       [] {
                         for (int i = 0; i < 3; ++i) {
                           go([i] {
                             if (i == 0) sleep_for(std::chrono::hours::max());
                             if (i == 1) sleep_for(std::chrono::nanoseconds::max());
                             if (i == 2) after(std::chrono::duration<double>(1e300)).recv();
                             std::_Exit(1);
                           });
                         }
                         sleep_for(1h);
                         std::_Exit(3);  // they sleep for three hundred years
                       }),
              testing::ExitedWithCode(3), "");
}

TEST(after, sends_the_time_once) {
  on_every_seed(20, [] {
    const auto start = clock::now();
    auto c = after(1s);
    EXPECT_EQ(c.cap(), 0u);
    EXPECT_EQ(c.recv(), start + 1s);
    EXPECT_EQ(c.try_recv(), chan_status::empty);
    EXPECT_EQ(after(0s).recv(), start + 1s);
    EXPECT_EQ(after(-5s).recv(), start + 1s);
  });
}

TEST(after, fires_in_the_order_of_deadlines) {
  on_every_seed(20, [] {
    std::vector<int> order;
    wait_group wg;
    for (int i : {5, 3, 6, 1, 4, 2}) {
      wg.go([&, i, c = after(std::chrono::milliseconds(i))] {
        c.recv();
        order.push_back(i);
      });
    }
    wg.wait();
    EXPECT_THAT(order, ElementsAre(1, 2, 3, 4, 5, 6));
  });
}

TEST(timer, looks_unbuffered_and_leaves_nothing_stale) {
  on_every_schedule(
      [] {
        timer t(1ms);
        EXPECT_EQ(t.c().cap(), 0u);
        sleep_for(3ms);
        EXPECT_EQ(t.c().len(), 0u);  // though it has fired
        EXPECT_TRUE(t.stop());       // nobody has seen it
        EXPECT_EQ(t.c().try_recv(), chan_status::empty);
        EXPECT_FALSE(t.stop());
        EXPECT_FALSE(t.reset(1ms));
        sleep_for(3ms);
        EXPECT_TRUE(t.reset(10s));
        EXPECT_EQ(t.c().try_recv(), chan_status::empty);
        EXPECT_TRUE(t.reset(1ms));
        t.c().recv();
        EXPECT_FALSE(t.stop());
      },
      20, 3);
}

TEST(timer, moved_earlier_fires_earlier) {
  on_every_seed(10, [] {
    const auto start = clock::now();
    timer t(1h);
    go([=] {
      sleep_for(1s);
      t.reset(1s);
    });
    EXPECT_EQ(t.c().recv(), start + 2s);
  });
}

TEST(timer, fires_though_its_handle_is_gone) {
  on_every_schedule(
      [] {
        recv_chan<time_point> c = timer(1ms).c();
        c.recv();
        timer t(1ms);
        timer copy = t;
        EXPECT_TRUE(copy.stop());
        EXPECT_FALSE(t.stop());
      },
      20, 3);
}

TEST(timer, without_one_panics) {
  timer t;
  EXPECT_EQ(panic_of([&] { t.stop(); }), "time: Stop called on uninitialized Timer");
  EXPECT_EQ(panic_of([&] { t.reset(1s); }), "time: Reset called on uninitialized Timer");
  ticker k;
  k.stop();
  EXPECT_EQ(panic_of([&] { k.reset(1s); }), "time: Reset called on uninitialized Ticker");
}

TEST(ticker, ticks_and_drops_what_nobody_takes) {
  on_every_seed(20, [] {
    const auto start = clock::now();
    ticker t(1s);
    EXPECT_EQ(t.c().recv(), start + 1s);
    EXPECT_EQ(t.c().recv(), start + 2s);
    sleep_for(3500ms);                    // ticks at 3, 4 and 5
    EXPECT_EQ(t.c().recv(), start + 3s);  // the first of them was kept
    EXPECT_EQ(t.c().recv(), start + 6s);
    t.reset(5s);
    EXPECT_EQ(t.c().recv(), start + 11s);
    t.stop();
    sleep_for(1h);
    EXPECT_EQ(t.c().try_recv(), chan_status::empty);  // and not closed
  });
}

TEST(ticker, refuses_intervals_that_are_not_positive) {
  EXPECT_EQ(panic_of([] { ticker t(0s); }), "non-positive interval for NewTicker");
  EXPECT_EQ(panic_of([] {
              ticker t(1s);
              t.reset(-1s);
            }),
            "non-positive interval for Ticker.Reset");
  EXPECT_TRUE(tick(0s) == nullptr);
  on_every_seed(3, [] {
    const auto start = clock::now();
    auto c = tick(1s);
    c.recv();
    EXPECT_EQ(c.recv(), start + 2s);
  });
}

TEST(after_func, runs_in_a_goroutine_of_its_own) {
  on_every_schedule(
      [] {
        chan<std::uint64_t> ran(8);
        timer t = after_func(1ms, [=] { ran << goroutine_id(); });
        EXPECT_TRUE(t.c() == nullptr);
        EXPECT_NE(ran.recv(), goroutine_id());
        EXPECT_FALSE(t.stop());
        EXPECT_FALSE(t.reset(1ms));  // schedules it again
        ran.recv();
        after_func(1ms, [=] { ran << 0; });  // without its handle
        ran.recv();
        timer stopped = after_func(1h, [=] { ran << 0; });
        EXPECT_TRUE(stopped.stop());
        EXPECT_FALSE(stopped.stop());
      },
      20, 3);
}

TEST(after_func_death_test, refuses_a_function_that_is_none) {
  EXPECT_EXIT(after_func(1h, std::function<void()>()), testing::ExitedWithCode(2),
              "fatal error: go of nil func value");
  EXPECT_EXIT(after_func(1h, static_cast<void (*)()>(nullptr)), testing::ExitedWithCode(2),
              "fatal error: go of nil func value");
}

TEST(after_func, gives_back_what_it_captured) {
  on_every_schedule(
      [] {
        auto held = std::make_shared<int>(1);
        {
          timer t = after_func(1h, [held] {});
          EXPECT_EQ(held.use_count(), 2);
          EXPECT_TRUE(t.stop());
        }
        EXPECT_EQ(held.use_count(), 1);
        chan<void> ran;
        {
          timer t = after_func(1ms, [held, ran] { ran.close(); });
        }
        ran.recv();
        for (int i = 0; i < 1000 && held.use_count() != 1; ++i) sleep_for(1ms);
        EXPECT_EQ(held.use_count(), 1);
      },
      20, 3);
}

TEST(timer, stop_and_reset_and_firing_at_once_are_safe) {
  on_every_schedule(
      [] {
        const auto fired = std::make_shared<std::atomic<int>>(0);  // the last call may come after the test
        timer function = after_func(0s, [fired] { ++*fired; });
        timer channel(0s);
        ticker ticking(1us);
        wait_group wg;
        for (int i = 0; i < 3; ++i) {
          wg.go([&, i] {
            for (int k = 0; k < 100; ++k) {
              if (i == 0) function.reset(std::chrono::microseconds(k % 3));
              if (i == 1) function.stop();
              channel.reset(std::chrono::microseconds(k % 2));
              if (i == 2) (void)channel.c().try_recv();
              if (k % 10 == 0) ticking.reset(1us + std::chrono::microseconds(i));
              (void)ticking.c().try_recv();
              timer(1us).stop();
              yield();
            }
          });
        }
        wg.wait();
        function.stop();
        ticking.stop();
        sleep_for(1ms);
        EXPECT_EQ(ticking.c().try_recv(), chan_status::empty);
      },
      20, 20);
}

TEST(after, ten_thousand_at_once) {
  on_every_seed(2, [] {
    chan<void> done(100);
    for (int i = 0; i < 10'000; ++i)
      after_func(std::chrono::microseconds(i * 7919 % 10'000), [=] { done.send(); });
    for (int i = 0; i < 10'000; ++i) done.recv();
    for (int i = 0; i < 10'000; ++i) (void)after(1h);  // abandoned: given back at once
  });
}

}  // namespace
}  // namespace snag::test
