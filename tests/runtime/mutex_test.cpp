// SPDX-License-Identifier: Apache-2.0
// mutex: Go's rules for sync.Mutex.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constinit mutex global_mutex;  // needs no run-time initialisation

TEST(mutex, excludes_for_any_mix_of_lock_and_try_lock) {
  on_every_schedule([] {
    mutex m;
    int inside = 0, count = 0, tried = 0;
    wait_group wg;
    for (int i = 0; i < 6; ++i) {
      wg.go([&, i] {
        for (int k = 0; k < 30; ++k) {
          if (i % 3 == 0) {
            if (!m.try_lock()) continue;
            ++tried;
          } else {
            m.lock();
          }
          EXPECT_EQ(++inside, 1);
          if (k % 8 == 0) yield();
          ++count;
          --inside;
          m.unlock();
        }
      });
    }
    wg.wait();
    EXPECT_EQ(count - tried, 4 * 30);
  });
}

TEST(mutex, works_with_the_guards_of_the_standard_library) {
  simulate(schedule::random(1), [] {
    mutex a, b;
    {
      const std::lock_guard g(a);
    }
    {
      const std::scoped_lock g(a, b);
    }
    std::unique_lock u(a, std::try_to_lock);
    EXPECT_TRUE(u.owns_lock());
    EXPECT_FALSE(a.try_lock());
    u.unlock();
    const std::lock_guard g(global_mutex);
  });
}

TEST(mutex, unlocking_what_nobody_or_somebody_else_holds_is_fatal) {
  EXPECT_EXIT(simulate(schedule::random(1), [] { mutex().unlock(); }), testing::ExitedWithCode(2),
              "fatal error: sync: unlock of unlocked mutex");
  EXPECT_EXIT(simulate(schedule::random(1),
                       [] {
                         mutex m;
                         m.lock();
                         try {
                           wait_group wg;
                           wg.go([&] { m.unlock(); });
                           wg.wait();
                         } catch (...) {
                         }
                       }),
              testing::ExitedWithCode(2), "fatal error: sync: unlock of unlocked mutex");
}

TEST(mutex, is_not_recursive) {
  EXPECT_EXIT(simulate(schedule::random(1),
                       [] {
                         mutex m;
                         m.lock();
                         m.lock();
                       }),
              testing::ExitedWithCode(2),
              "all goroutines are asleep - deadlock!(.|\n)*\\[sync.Mutex.Lock\\]");
}

// Somebody who locks again at once must not keep a waiter out for ever: after 1 ms it is handed the lock.
TEST(mutex, hands_over_to_a_waiter_that_starves) {
  on_every_seed(20, [] {
    mutex m;
    bool stop = false;
    wait_group wg;
    wg.go([&] {
      for (;;) {
        m.lock();
        sleep_for(100us);
        const bool done = stop;
        m.unlock();
        if (done) return;
      }
    });
    const auto start = clock::now();
    for (int i = 0; i < 10; ++i) {
      sleep_for(100us);
      m.lock();
      m.unlock();
    }
    EXPECT_LT(clock::now() - start, 10 * 2ms);
    m.lock();
    stop = true;
    m.unlock();
    wg.wait();
  });
}

TEST(mutex, serves_starving_waiters_in_the_order_they_came) {
  on_every_seed(30, [] {
    mutex m;
    std::vector<int> order;
    wait_group wg;
    m.lock();
    for (int i = 0; i < 5; ++i) {
      wg.go([&, i] {
        m.lock();
        order.push_back(i);
        m.unlock();
      });
      sleep_for(1ms);
    }
    sleep_for(5ms);
    m.unlock();
    wg.wait();
    EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
  });
}

TEST(mutex, hammered_by_real_threads) {
  on_real_threads(5, [] {
    mutex m;
    long count = 0;
    wait_group wg;
    for (int i = 0; i < 50; ++i) {
      wg.go([&] {
        for (int k = 0; k < 1000; ++k) {
          const std::lock_guard g(m);
          ++count;
        }
      });
    }
    wg.wait();
    EXPECT_EQ(count, 50'000);
  });
}

}  // namespace
}  // namespace snag::test
