// SPDX-License-Identifier: Apache-2.0
// condition_variable: Go's rules for sync.Cond.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <vector>

#include "tests/runtime/bounded_queue.h"
#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST(condition_variable, wakes_one_waiter_a_notification) {
  on_every_schedule([] {
    constexpr int n = 5;
    mutex m;
    condition_variable c;
    chan<void> running, awake(n);
    wait_group wg;
    for (int i = 0; i < n; ++i) {
      wg.go([&] {
        std::unique_lock lock(m);
        running.send();
        c.wait(lock);
        awake.send();
      });
    }
    for (int i = 0; i < n; ++i) running.recv();
    for (int i = n; i > 0; --i) {
      EXPECT_EQ(awake.try_recv(), chan_status::empty);
      m.lock();
      c.notify_one();
      m.unlock();
      awake.recv();
      EXPECT_EQ(awake.try_recv(), chan_status::empty);
    }
    c.notify_one();  // lost
    wg.wait();
  });
}

TEST(condition_variable, serves_waiters_in_the_order_they_came) {
  on_every_schedule([] {
    mutex m;
    condition_variable c;
    chan<void> running;
    std::vector<int> order;
    wait_group wg;
    for (int i = 0; i < 10; ++i) {
      wg.go([&, i] {
        m.lock();
        running.send();
        c.wait(m);
        order.push_back(i);
        m.unlock();
      });
      running.recv();
      m.lock();  // it waits now
      m.unlock();
    }
    for (int i = 0; i < 10; ++i) {
      const std::size_t before = order.size();
      m.lock();
      c.notify_one();
      m.unlock();
      for (bool woken = false; !woken; yield()) {
        const std::lock_guard g(m);
        woken = order.size() > before;
      }
    }
    wg.wait();
    EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  });
}

TEST(condition_variable, notify_all_wakes_those_that_wait_and_no_later_one) {
  on_every_seed(50, [] {
    mutex m;
    condition_variable c;
    int woken = 0;
    auto waiter = [&] {
      std::unique_lock lock(m);
      c.wait(lock);
      ++woken;
    };
    for (int i = 0; i < 4; ++i) go(waiter);
    let_others_block();
    c.notify_all();
    let_others_block();
    EXPECT_EQ(woken, 4);
    go(waiter);
    let_others_block();
    EXPECT_EQ(woken, 4);
    c.notify_one();
    let_others_block();
    EXPECT_EQ(woken, 5);
  });
}

TEST(condition_variable, waits_for_a_predicate_or_a_deadline) {
  on_every_seed(30, [] {
    mutex m;
    condition_variable c;
    bool ready = false;
    std::unique_lock lock(m);
    const auto start = clock::now();
    EXPECT_EQ(c.wait_for(lock, 1s), std::cv_status::timeout);
    EXPECT_EQ(clock::now() - start, 1s);
    EXPECT_TRUE(lock.owns_lock());
    EXPECT_FALSE(c.wait_for(lock, 1s, [&] { return ready; }));
    EXPECT_EQ(c.wait_until(lock, clock::now() - 1s), std::cv_status::timeout);
    go([&] {
      sleep_for(1s);
      const std::lock_guard g(m);
      ready = true;
      c.notify_one();
    });
    c.wait(lock, [&] { return ready; });
    ready = false;
    go([&] {
      sleep_for(1s);
      c.notify_all();
      const std::lock_guard g(m);
      ready = true;
      c.notify_all();
    });
    EXPECT_TRUE(c.wait_until(lock, clock::now() + 1h, [&] { return ready; }));
    go([&] {
      sleep_for(500ms);
      c.notify_one();
    });
    EXPECT_EQ(c.wait_for(lock, 1s), std::cv_status::no_timeout);
  });
}

TEST(condition_variable, a_deadline_and_a_notification_at_once_do_one_thing) {
  on_every_schedule(
      [] {
        mutex m;
        condition_variable c;
        std::atomic<int> notified{0}, finished{0};
        wait_group wg;
        for (int i = 0; i < 5; ++i) {
          wg.go([&] {
            std::unique_lock lock(m);
            notified += c.wait_for(lock, 1ms) == std::cv_status::no_timeout;
            ++finished;
          });
        }
        wg.go([&] {
          sleep_for(1ms);
          for (int i = 0; i < 3; ++i) c.notify_one();
        });
        wg.wait();
        EXPECT_EQ(finished, 5);
        EXPECT_LE(notified, 3);
      },
      100, 50);
}

TEST(condition_variable, a_bounded_queue_works) {
  on_every_schedule(pass_through_a_bounded_queue<mutex, condition_variable>);
}

}  // namespace
}  // namespace snag::test
