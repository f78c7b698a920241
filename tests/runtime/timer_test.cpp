// SPDX-License-Identifier: Apache-2.0
// Timers on the real clock: that they fire at all, in time, on whatever worker, and stop when told.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <thread>
#include <vector>

#include "snag/go.h"
#include "snag/runtime.h"
#include "snag/schedule.h"
#include "tests/runtime/gate.h"

namespace snag {
namespace {

using detail::nanoseconds;
using detail::timer_node;
using test::gate;
using namespace std::chrono_literals;

struct signalling : timer_node {
  gate* fired = nullptr;
  std::atomic<int> count{0};
  explicit signalling(gate* g = nullptr) : fired(g) {
    fire = [](timer_node& n) {
      auto& self = static_cast<signalling&>(n);
      ++self.count;
      if (self.fired != nullptr) self.fired->add();
    };
  }
  void start(nanoseconds in) {
    when = detail::now() + in;
    detail::start_timer(*this);
  }
};

TEST(timer, sleeping_takes_at_least_as_long_as_asked) {
  for (const auto d : {0us, 1us, 100us, 3000us}) {
    const auto start = std::chrono::steady_clock::now();
    test::sleep_for(d);
    EXPECT_GE(std::chrono::steady_clock::now() - start, d);
  }
}

TEST(timer, fires_while_main_waits_and_while_every_worker_computes) {
  gate fired;
  signalling t(&fired);
  t.start(2ms);
  fired.take();
  EXPECT_EQ(t.count, 1);

  std::atomic<bool> stop{false};
  gate done;
  for (int i = 0; i < max_procs(0); ++i)
    go([&] {
      while (!stop) {
      }
      done.add();
    });
  go([&] {
    test::sleep_for(1ms);
    stop = true;
    done.add();
  });
  done.take(max_procs(0) + 1);
}

TEST(timer, an_earlier_timer_shortens_the_sleep_of_an_idle_worker) {
  gate fired;
  signalling late(nullptr), early(&fired);
  late.start(1h);
  test::sleep_for(1ms);  // everybody is idle until the late one
  early.start(1ms);
  fired.take();
  EXPECT_TRUE(detail::stop_timer(late));
}

TEST(timer, stop_says_whether_it_will_fire) {
  gate fired;
  signalling t(&fired);
  EXPECT_FALSE(detail::stop_timer(t));
  t.start(1h);
  EXPECT_TRUE(detail::stop_timer(t));
  EXPECT_FALSE(detail::stop_timer(t));
  t.start(0ns);
  fired.take();
  EXPECT_FALSE(detail::stop_timer(t));
  EXPECT_EQ(t.count, 1);
}

// Starting and stopping around the moment of firing: exactly one of "stopped" and "fired" holds.
TEST(timer, stop_and_fire_never_both_happen) {
  for (int i = 0; i < 3000; ++i) {
    signalling t;
    t.start(nanoseconds((i % 100) * 200));
    for (int spin = 0; spin < (i % 37) * 10; ++spin) __builtin_ia32_pause();
    if (i % 5 == 0) yield();
    const bool stopped = detail::stop_timer(t);
    detail::await_timer(t);
    ASSERT_EQ(t.count, stopped ? 0 : 1);
  }
}

TEST(timer, started_by_a_foreign_thread) {
  gate fired;
  std::thread([&] {
    signalling t(&fired);
    t.start(1ms);
    fired.take();
  }).join();
}

TEST(timer, ten_thousand_sleepers_wake_in_order_of_time) {
  constexpr int n = 10'000;
  gate done;
  for (int i = 0; i < n; ++i)
    go([&, i] {
      test::sleep_for(std::chrono::microseconds((i * 7919) % 20'000));
      done.add();
    });
  done.take(n);
}

TEST(timer, workers_coming_and_going_do_not_lose_timers) {
  const int before = max_procs(0);
  gate done;
  std::atomic<bool> stop{false};
  for (int i = 0; i < 20; ++i)
    go([&, i] {
      while (!stop) test::sleep_for(std::chrono::microseconds(50 + 13 * i));
      done.add();
    });
  for (int n : {1, 4, 1, 3, 2, 1, 4}) {
    max_procs(n);
    test::sleep_for(2ms);
  }
  stop = true;
  done.take(20);
  max_procs(before);
}

TEST(timer, virtual_timers_of_one_time_fire_in_order_of_starting) {
  simulate(schedule::random(5), [] {
    std::vector<int> order;
    struct noting : timer_node {
      std::vector<int>* order;
      int label;
    };
    std::deque<noting> timers;
    for (int i = 0; i < 50; ++i) {
      noting& n = timers.emplace_back();
      n.order = &order;
      n.label = i;
      n.when = detail::now() + 1s;
      n.fire = [](timer_node& t) {
        auto& self = static_cast<noting&>(t);
        self.order->push_back(self.label);
      };
      detail::start_timer(n);
    }
    test::sleep_for(2s);
    EXPECT_EQ(order.size(), 50u);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  });
}

}  // namespace
}  // namespace snag
