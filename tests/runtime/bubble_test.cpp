// SPDX-License-Identifier: Apache-2.0
// Go's rules for package testing/synctest, and that waits for mutexes are durable.
#include "snag/bubble.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;

TEST(bubble, time_starts_at_a_fixed_point_and_jumps_when_all_are_blocked) {
  on_every_schedule([] {
    bubble([] {
      EXPECT_EQ(clock::now().time_since_epoch(), 946'684'800s);
      const auto start = clock::now();
      wait_group wg;
      std::atomic<int> order{0};
      for (const int i : {3, 1, 2}) {
        wg.go([&, i] {
          sleep_for(i * 1h);
          EXPECT_EQ(clock::now(), start + i * 1h);
          EXPECT_EQ(++order, i);
        });
      }
      wg.wait();
      EXPECT_EQ(clock::now(), start + 3h);
    });
  });
}

TEST(bubble, timers_tickers_selects_conditions_and_contexts_use_its_clock) {
  on_every_schedule([] {
    bubble([] {
      const auto start = clock::now();
      EXPECT_EQ(after(1h).recv(), start + 1h);
      const ticker t(1min);
      for (int i = 1; i <= 3; ++i) EXPECT_EQ(t.c().recv(), start + 1h + i * 1min);
      t.stop();
      chan<int> never;
      select(on_recv(never), on_timeout(57min, [] {}));
      EXPECT_EQ(clock::now(), start + 2h);
      mutex m;
      condition_variable cv;
      {
        std::unique_lock lock(m);
        EXPECT_EQ(cv.wait_for(lock, 1h), std::cv_status::timeout);
      }
      auto [ctx, cancel] = with_timeout(context::background(), 1h);
      ctx.done().recv();
      EXPECT_TRUE(ctx.err() == context::deadline_exceeded);
      EXPECT_EQ(clock::now(), start + 4h);
      bool ran = false;
      after_func(1h, [&] { ran = true; });
      sleep_for(1h);
      bubble_wait();
      EXPECT_TRUE(ran);
    });
  });
}

TEST(bubble, wait_returns_when_the_others_are_durably_blocked) {
  on_every_schedule([] {
    bubble([] {
      const chan<int> c;
      int steps = 0;  // no atomic: what the others did happens before bubble_wait() returns
      go([&] {
        ++steps;
        yield();
        ++steps;
        c.recv();
        ++steps;
      });
      bubble_wait();
      EXPECT_EQ(steps, 2);
      c << 1;
      bubble_wait();
      EXPECT_EQ(steps, 3);
      bubble_wait();
    });
  });
}

TEST(bubble, a_wait_for_a_mutex_whose_owner_sleeps_is_durable) {
  on_every_schedule([] {
    bubble([] {
      const auto start = clock::now();
      mutex m;
      shared_mutex s;
      wait_group wg;
      wg.go([&] {
        const std::scoped_lock lock(m, s);
        sleep_for(1h);
      });
      bubble_wait();
      for (int i = 0; i < 3; ++i)
        wg.go([&] {
          const std::lock_guard lock(m);
          sleep_for(1h);
        });
      wg.go([&] { const std::lock_guard lock(s); });
      bubble_wait();
      EXPECT_EQ(clock::now(), start);
      wg.wait();
      EXPECT_EQ(clock::now(), start + 4h);
    });
  });
}

TEST(bubble, a_wait_for_a_semaphore_or_a_once_of_its_own_is_durable) {
  on_every_schedule([] {
    bubble([] {
      const auto start = clock::now();
      semaphore s(2);
      wait_group wg;
      for (int i = 0; i < 4; ++i)
        wg.go([&] {
          s.acquire();
          sleep_for(1h);
          s.release();
        });
      bubble_wait();
      const cancellable limit = with_timeout(context::background(), 30min);
      EXPECT_EQ(s.acquire(limit.ctx), context::deadline_exceeded);
      wg.wait();
      EXPECT_EQ(clock::now(), start + 2h);
      const auto value = once_value([] { return sleep_for(1h), 7; });
      for (int i = 0; i < 4; ++i) wg.go([=] { EXPECT_EQ(value(), 7); });
      wg.wait();
      EXPECT_EQ(clock::now(), start + 3h);
    });
  });
}

TEST(bubble, a_wait_for_a_semaphore_or_a_once_from_outside_is_not_durable) {
  on_every_schedule([] {
    semaphore s(1);
    once o;
    s.acquire();
    chan<void> in_once, go_on;
    go([&] {
      o.call([&] {
        in_once.send();
        go_on.recv();
      });
      s.release();
    });
    in_once.recv();
    wait_group inside;
    inside.go([&] {
      bubble([&] {
        wait_group wg;
        const auto start = clock::now();
        wg.go([&] {
          s.acquire();
          EXPECT_EQ(clock::now(), start);
        });
        wg.go([&] {
          o.call([] { ADD_FAILURE(); });
          EXPECT_EQ(clock::now(), start);
        });
        wg.go([] { sleep_for(1h); });
        wg.wait();
      });
    });
    let_others_block();
    go_on.send();
    inside.wait();
  });
}

TEST(bubble, a_wait_for_somebody_outside_is_not_durable) {
  on_every_schedule([] {
    const chan<int> outside;
    mutex m;
    std::atomic<bool> held{false}, told{false};
    wait_group wg;
    wg.go([&] {
      m.lock();
      held = true;
      outside << 1;
      told = true;
      m.unlock();
    });
    bubble([&] {
      const auto start = clock::now();
      wait_group sleeper;
      sleeper.go([] { sleep_for(1h); });
      while (!held) yield();
      go([&] { const std::lock_guard lock(m); });
      EXPECT_EQ(outside.recv(), 1);
      EXPECT_EQ(clock::now(), start);
      m.lock();
      EXPECT_TRUE(told);
      EXPECT_EQ(clock::now(), start);
      m.unlock();
      sleeper.wait();
    });
    wg.wait();
  });
}

TEST(bubble, returns_when_all_have_ended_and_time_stops_with_main) {
  on_every_schedule([] {
    std::atomic<int> ended{0};
    bubble([&] {
      for (int i = 0; i < 5; ++i)
        go([&] {
          yield();
          ++ended;
        });
      after_func(1h, [&] { ended = 100; });
    });
    EXPECT_EQ(ended, 5);
  });
}

TEST(bubble, functions_that_never_ran_are_destroyed_with_it) {
  on_every_schedule([] {
    const auto held = std::make_shared<int>(1);
    bubble([&] {
      after_func(1h, [held] {});
      const timer kept = after_func(2h, [held, inner = after(1h)] {});
    });
    EXPECT_EQ(held.use_count(), 1);
  });
}

TEST(bubble, several_at_once_have_their_own_clocks) {
  on_every_schedule([] {
    wait_group wg;
    for (int i = 1; i <= 4; ++i)
      wg.go([i] {
        bubble([i] {
          const auto start = clock::now();
          for (int k = 0; k < 10; ++k) sleep_for(i * 1s);
          EXPECT_EQ(clock::now(), start + i * 10s);
        });
      });
    wg.wait();
  });
}

TEST(bubble, panics_in_the_words_of_go) {
  EXPECT_EQ(panic_of([] { bubble_wait(); }), "goroutine is not in a bubble");
  bubble([] {
    EXPECT_EQ(panic_of([] { bubble([] {}); }), "synctest.Run called from within a synctest bubble");
    go([] { bubble_wait(); });
    yield();
  });
  chan<int> inside = nullptr;
  timer t;
  bubble([&] {
    inside = chan<int>(1);
    t = timer(1h);
    t.stop();
  });
  EXPECT_EQ(panic_of([&] { inside << 1; }), "send on synctest channel from outside bubble");
  EXPECT_EQ(panic_of([&] { inside.recv(); }), "receive on synctest channel from outside bubble");
  EXPECT_EQ(panic_of([&] { inside.try_recv(); }), "receive on synctest channel from outside bubble");
  EXPECT_EQ(panic_of([&] { inside.close(); }), "close of synctest channel from outside bubble");
  EXPECT_EQ(panic_of([&] { select(on_recv(inside), on_default([] {})); }),
            "select on synctest channel from outside bubble");
  EXPECT_EQ(panic_of([&] { t.stop(); }), "stop of synctest timer from outside bubble");
  EXPECT_EQ(panic_of([&] { t.reset(1s); }), "reset of synctest timer from outside bubble");
}

TEST(bubble, two_waits_at_once_panic) {
  on_every_schedule([] {
    bubble([] {
      std::atomic<int> refused{0}, waited{0};
      for (int i = 0; i < 2; ++i)
        go([&] {
          const std::string words = panic_of([] { bubble_wait(); });
          if (words.empty()) ++waited;
          if (words == "wait already in progress") ++refused;
        });
      sleep_for(1s);
      EXPECT_EQ(refused + waited, 2);
      EXPECT_GE(waited, 1);
    });
  });
}

using bubble_death_test = testing::Test;

// In a process of its own: the goroutines left behind stay for ever.
TEST(bubble_death_test, a_deadlock_inside_is_a_panic) {
  EXPECT_EXIT(
      {
        const std::string words = panic_of([] {
          bubble([] {
            mutex m;
            m.lock();
            go([&] { m.lock(); });
            chan<int>().recv();
          });
        });
        std::_Exit(words == "deadlock: all goroutines in bubble are blocked" ? 7 : 1);
      },
      testing::ExitedWithCode(7), "");
  EXPECT_EXIT(
      {
        const std::string words = panic_of([] { bubble([] { go([] { chan<int>().recv(); }); }); });
        std::_Exit(words == "deadlock: main bubble goroutine has exited but blocked goroutines remain" ? 7
                                                                                                       : 1);
      },
      testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace snag::test
