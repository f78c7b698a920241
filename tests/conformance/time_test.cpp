// SPDX-License-Identifier: Apache-2.0
// Go, package time; rules TM-001 to TM-020.
#include "snag/time.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;

TEST(time, TM_001_sleep_pauses_only_the_goroutine_and_for_at_least_d) {
  on_every_schedule([] {
    const auto start = clock::now();
    std::atomic<bool> other{false};
    wait_group wg;
    wg.go([&] { other = true; });
    sleep_for(2ms);
    EXPECT_GE(clock::now(), start + 2ms);
    wg.wait();
    EXPECT_TRUE(other);
  });
  on_every_seed(50, [] {
    const auto start = clock::now();
    sleep_for(0s);
    sleep_for(-1h);
    EXPECT_EQ(clock::now(), start);  // at once
    int turns = 0;
    go([&] {
      for (int i = 0; i < 100; ++i) sleep_for(1ms), ++turns;
    });
    sleep_for(50500us);
    EXPECT_EQ(turns, 50);  // not held up by the sleep of another
    sleep_for(1s);
  });
}

TEST(time, TM_002_after_sends_the_time_once_and_at_once_if_it_is_past) {
  on_every_seed(50, [] {
    const auto start = clock::now();
    const auto c = after(5s);
    EXPECT_EQ(c.recv(), start + 5s);
    EXPECT_EQ(c.try_recv(), chan_status::empty);
    sleep_for(1h);
    EXPECT_EQ(c.try_recv(), chan_status::empty);
    const auto now = clock::now();
    EXPECT_EQ(after(0s).recv(), now);
    EXPECT_EQ(after(-1h).recv(), now);
  });
}

TEST(time, TM_003_stop_tells_whether_it_stopped_and_does_not_close) {
  on_every_schedule([] {
    const timer t(1h);
    EXPECT_TRUE(t.stop());
    EXPECT_FALSE(t.stop());
    EXPECT_EQ(t.c().try_recv(), chan_status::empty);  // not closed
    const timer fired(0s);
    fired.c().recv();
    EXPECT_FALSE(fired.stop());
  });
}

TEST(time, TM_004_channels_look_unbuffered_and_nothing_stale_is_received) {
  on_every_schedule([] {
    const timer t(0s);
    sleep_for(1ms);  // has fired
    EXPECT_EQ(t.c().len(), 0U);
    EXPECT_EQ(t.c().cap(), 0U);
    EXPECT_TRUE(t.stop());  // nobody has received it
    EXPECT_EQ(t.c().try_recv(), chan_status::empty);
    EXPECT_FALSE(t.reset(0s));
    sleep_for(1ms);
    t.reset(1h);
    EXPECT_EQ(t.c().try_recv(), chan_status::empty);
  });
}

TEST(time, TM_006_reset_tells_whether_it_was_active_and_arms_again) {
  on_every_seed(50, [] {
    const auto start = clock::now();
    const timer t(1h);
    EXPECT_TRUE(t.reset(2s));
    EXPECT_EQ(t.c().recv(), start + 2s);
    EXPECT_FALSE(t.reset(2s));
    EXPECT_EQ(t.c().recv(), start + 4s);
    int runs = 0;
    const timer f = after_func(1s, [&] { ++runs; });
    sleep_for(2s);
    EXPECT_EQ(runs, 1);
    EXPECT_FALSE(f.reset(1s));
    sleep_for(2s);
    EXPECT_EQ(runs, 2);
    EXPECT_FALSE(f.reset(1h));
    EXPECT_TRUE(f.stop());
    sleep_for(2h);
    EXPECT_EQ(runs, 2);
  });
}

TEST(time, TM_007_after_func_runs_in_its_own_goroutine_and_stop_does_not_wait) {
  on_every_schedule([] {
    const chan<std::uint64_t> id;
    const chan<void> go_on;
    const timer t = after_func(0s, [=] {
      id << goroutine_id();
      go_on.recv();
    });
    EXPECT_NE(id.recv(), goroutine_id());
    EXPECT_FALSE(t.stop());  // it has started, and waits for us
    go_on.send();
    std::atomic<bool> ran{false};
    const timer never = after_func(1h, [&] { ran = true; });
    EXPECT_TRUE(never.stop());
    EXPECT_FALSE(never.stop());
    EXPECT_FALSE(ran);
  });
}

TEST(time, TM_008_a_timer_without_one_panics) {
  on_every_schedule([] {
    EXPECT_EQ(panic_of([] { timer().stop(); }), "time: Stop called on uninitialized Timer");
    EXPECT_EQ(panic_of([] { timer().reset(1s); }), "time: Reset called on uninitialized Timer");
  });
}

TEST(time, TM_009_intervals_have_to_be_positive) {
  on_every_schedule([] {
    EXPECT_EQ(panic_of([] { ticker t(0s); }), "non-positive interval for NewTicker");
    EXPECT_EQ(panic_of([] { ticker t(-1ns); }), "non-positive interval for NewTicker");
    const ticker t(1h);
    EXPECT_EQ(panic_of([&] { t.reset(0s); }), "non-positive interval for Ticker.Reset");
    EXPECT_EQ(panic_of([&] { t.reset(-1s); }), "non-positive interval for Ticker.Reset");
  });
}

TEST(time, TM_010_tick_of_nothing_is_nil_and_reset_of_no_ticker_panics) {
  on_every_schedule([] {
    EXPECT_TRUE(tick(0s) == nullptr);
    EXPECT_TRUE(tick(-1s) == nullptr);
    EXPECT_TRUE(tick(1h) != nullptr);
    EXPECT_EQ(panic_of([] { ticker().reset(1s); }), "time: Reset called on uninitialized Ticker");
  });
}

TEST(time, TM_011_a_ticker_drops_ticks_and_never_queues_more_than_one) {
  on_every_seed(50, [] {
    const auto start = clock::now();
    const ticker t(1s);
    sleep_for(10500ms);
    EXPECT_EQ(t.c().recv(), start + 1s);  // the one that waited
    EXPECT_EQ(t.c().try_recv(), chan_status::empty);
    EXPECT_EQ(t.c().recv(), start + 11s);
  });
}

TEST(time, TM_012_stopping_a_ticker_ends_the_ticks_and_does_not_close) {
  on_every_schedule([] {
    const ticker t(1ms);
    t.c().recv();
    t.stop();
    sleep_for(3ms);
    EXPECT_EQ(t.c().try_recv(), chan_status::empty);
    ticker().stop();  // legal
  });
}

TEST(time, TM_013_huge_durations_saturate) {
  on_every_schedule([] {
    const timer t(std::chrono::nanoseconds::max());
    const auto c = after(std::chrono::hours::max());
    std::atomic<bool> ran{false};
    const timer f = after_func(std::chrono::years(100'000), [&] { ran = true; });
    sleep_for(1ms);
    EXPECT_EQ(t.c().try_recv(), chan_status::empty);
    EXPECT_EQ(c.try_recv(), chan_status::empty);
    EXPECT_FALSE(ran);
    EXPECT_TRUE(f.stop());
    EXPECT_TRUE(t.reset(std::chrono::seconds::max()));
    EXPECT_TRUE(t.stop());
  });
}

TEST(time, TM_014_timers_fire_in_the_order_of_their_deadlines) {
  on_every_seed(50, [] {
    std::vector<int> order;
    mutex m;
    wait_group wg;
    for (const int i : {5, 2, 6, 6, 1, 4, 3}) {
      wg.go([&, i] {
        after(i * 10ms).recv();
        const std::lock_guard lock(m);
        order.push_back(i);
      });
    }
    wg.wait();
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3, 4, 5, 6, 6}));
  });
}

TEST(time, TM_015_a_timer_moved_earlier_fires_earlier) {
  on_every_seed(50, [] {
    const auto start = clock::now();
    std::vector<timer> timers;
    for (int i = 0; i < 20; ++i) timers.emplace_back((100 + i) * 1s);
    timers[13].reset(3s);
    timers[7].reset(200s);
    EXPECT_EQ(timers[13].c().recv(), start + 3s);
    EXPECT_EQ(timers[0].c().recv(), start + 100s);
    EXPECT_EQ(timers[7].c().recv(), start + 200s);
  });
}

TEST(time, TM_016_stop_reset_and_firing_at_once_are_safe) {
  on_every_schedule([] {
    std::atomic<int> started{0}, prevented{0};
    wait_group wg;
    const timer t = after_func(1us, [&] { ++started; });
    std::atomic<int> armed{1};
    for (int g = 0; g < 3; ++g) {
      wg.go([&, g] {
        for (int i = 0; i < 20; ++i) {
          if (g == 0) {
            if (t.stop()) ++prevented;
          } else {
            ++armed;
            if (t.reset(i % 2 * 1us)) ++prevented;
          }
          yield();
        }
      });
    }
    wg.wait();
    if (t.stop()) ++prevented;
    while (started + prevented < armed) yield();  // those under way
    EXPECT_EQ(started + prevented, armed);        // each arming ends in exactly one way
  });
}

TEST(time, TM_017_an_unreferenced_timer_is_stopped_and_gone) {
  on_every_seed(50, [] {
    {
      const ticker t(1s);
    }
    {
      const timer t(1h);
    }
    const auto c = after(2h);  // owns itself through its channel
    const auto start = clock::now();
    EXPECT_EQ(runtime_stats().timers, 1U);
    EXPECT_EQ(c.recv(), start + 2h);
    EXPECT_EQ(runtime_stats().timers, 0U);
  });
}

TEST(time, TM_018_the_clock_is_monotonic) {
  static_assert(clock::is_steady);
  on_every_schedule([] {
    auto last = clock::now();
    for (int i = 0; i < 100; ++i) {
      const auto now = clock::now();
      EXPECT_GE(now, last);
      last = now;
    }
  });
  timespec monotonic{};
  clock_gettime(CLOCK_MONOTONIC, &monotonic);  // not CLOCK_REALTIME, which may be set
  const auto reading = std::chrono::seconds(monotonic.tv_sec);
  EXPECT_LT(clock::now().time_since_epoch() - reading, 10s);
  EXPECT_GE(clock::now().time_since_epoch() - reading, 0s);
}

TEST(time, TM_019_a_pending_timer_is_no_deadlock) {
  on_every_schedule([] {
    const chan<int> c;
    const timer f = after_func(2ms, [c] { c << 1; });
    EXPECT_EQ(c.recv(), 1);  // everybody asleep but for the timer
    sleep_for(2ms);
  });
}

TEST(time, TM_020_in_a_bubble_time_moves_only_when_all_are_durably_blocked) {
  on_every_schedule([] {
    bubble([] {
      const auto start = clock::now();
      const chan<int> c;
      int worked = 0;
      go([&] {
        for (int i = 0; i < 100; ++i) {
          yield();
          ++worked;
        }
        EXPECT_EQ(clock::now(), start);
        c.recv();
      });
      sleep_for(24h);
      EXPECT_EQ(clock::now(), start + 24h);
      EXPECT_EQ(worked, 100);
      c << 1;
      bubble_wait();
    });
  });
}

}  // namespace
}  // namespace snag::test
