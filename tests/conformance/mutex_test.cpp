// SPDX-License-Identifier: Apache-2.0
// Go, sync.Mutex; rules MU-001 to MU-014.
#include "snag/mutex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <type_traits>
#include <vector>

#include "tests/conformance/processes.h"
#include "tests/conformance/waiting.h"
#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using events::wait_reason;
using testing::ElementsAre;
using testing::HasSubstr;

constinit mutex zero;

TEST(mutex, MU_001_the_zero_value_is_unlocked_and_cannot_be_copied) {
  static_assert(!std::is_copy_constructible_v<mutex> && !std::is_copy_assignable_v<mutex>);
  static_assert(!std::is_move_constructible_v<mutex> && !std::is_move_assignable_v<mutex>);
  on_every_schedule([] {
    mutex local;
    for (mutex* m : {&local, &zero}) {
      ASSERT_TRUE(m->try_lock());
      m->unlock();
    }
  });
}

TEST(mutex, MU_002_lock_blocks_the_goroutine_and_not_its_thread) {
  const auto body = [] {
    mutex m;
    bool locked = false;
    m.lock();
    wait_group waiter;
    waiter.go([&] {
      const std::lock_guard guard(m);
      locked = true;
    });
    until_waiting(wait_reason::mutex_lock);  // on one thread: it is free again
    EXPECT_FALSE(locked);
    m.unlock();
    waiter.wait();
    EXPECT_TRUE(locked);
  };
  on_every_seed(50, body);
  const with_max_procs one(1);
  on_real_threads(20, body);
}

TEST(mutex, MU_003_a_second_lock_by_the_holder_blocks) {
  EXPECT_THAT(run("deadlock_mutex").err, HasSubstr("[sync.Mutex.Lock]:\n"));
  expect_death("deadlock_mutex", "fatal error: all goroutines are asleep - deadlock!");
}

TEST(mutex, MU_004_unlike_gos_it_is_owned_and_only_the_owner_may_unlock) {
  expect_death("unlock_others", "fatal error: sync: unlock of unlocked mutex");
}

TEST(mutex, MU_005_unlocking_what_is_unlocked_is_fatal_and_cannot_be_caught) {
  for (const char* scenario : {"unlock_unlocked", "unlock_in_try"})
    expect_death(scenario, "fatal error: sync: unlock of unlocked mutex");
}

TEST(mutex, MU_006_try_lock_never_blocks_and_is_false_if_held_or_starving) {
  on_every_schedule([] {
    mutex m;
    EXPECT_TRUE(m.try_lock());
    EXPECT_FALSE(m.try_lock());  // the holder's own, too
    wait_group others;
    others.go([&] { EXPECT_FALSE(m.try_lock()); });
    others.wait();
    chan<int> enough;
    others.go([&] {
      const std::lock_guard guard(m);
      enough.recv();
    });
    until_waiting(wait_reason::mutex_lock);
    sleep_for(2ms);
    m.unlock();  // to the starving one, not to whoever tries
    EXPECT_FALSE(m.try_lock());
    enough << 1;
    others.wait();
  });
}

// Locks, lets `waiter` queue, sleeps for `waited`, unlocks and tries at once to lock again.
struct attempt {
  bool barged;
  bool waiter_had_it;
};
attempt unlock_and_try_again(std::chrono::nanoseconds waited) {
  mutex m;
  std::atomic<bool> had_it{false};
  m.lock();
  wait_group waiter;
  waiter.go([&] {
    const std::lock_guard guard(m);
    had_it = true;
  });
  until_waiting(wait_reason::mutex_lock);
  if (waited.count() > 0) sleep_for(waited);
  m.unlock();
  const bool barged = m.try_lock();
  const bool first = had_it;
  if (barged) m.unlock();
  waiter.wait();
  EXPECT_TRUE(had_it);
  return {barged, first};
}

TEST(mutex, MU_007_a_woken_waiter_competes_with_newcomers) {
  int newcomers = 0, waiters = 0;
  on_every_seed(50, [&] {
    const attempt a = unlock_and_try_again(0ns);
    if (a.barged && !a.waiter_had_it) ++newcomers;
    if (a.waiter_had_it) ++waiters;
  });
  EXPECT_GT(newcomers, 0);
  EXPECT_GT(waiters, 0);
  const with_max_procs one(1);
  newcomers = 0;
  on_real_threads(20, [&] { newcomers += unlock_and_try_again(0ns).barged; });
  EXPECT_GT(newcomers, 0);
}

TEST(mutex, MU_008_after_a_millisecond_a_waiter_is_handed_the_lock_and_newcomers_wait) {
  on_every_schedule([] {
    const attempt a = unlock_and_try_again(2ms);
    EXPECT_TRUE(a.waiter_had_it || !a.barged) << "a newcomer came before somebody who starves";
  });
}

TEST(mutex, MU_008_starving_waiters_are_served_in_the_order_they_came) {
  on_every_schedule([] {
    mutex m;
    std::vector<int> order;
    wait_group all;
    m.lock();
    for (int i = 0; i < 5; ++i) {
      all.go([&, i] {
        const std::lock_guard guard(m);
        order.push_back(i);
      });
      until_waiting(wait_reason::mutex_lock, i + 1);
    }
    sleep_for(2ms);
    m.unlock();
    m.lock();  // a newcomer: at the tail
    EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
    m.unlock();
    all.wait();
  });
}

TEST(mutex, MU_009_starvation_ends_with_a_waiter_who_waited_less_than_a_millisecond) {
  int barged = 0;
  on_every_seed(50, [&] {
    mutex m;
    wait_group all;
    m.lock();
    all.go([&] {
      m.lock();  // starves, is handed the lock
      m.unlock();
      if (m.try_lock()) {  // although somebody waits
        ++barged;
        m.unlock();
      }
    });
    until_waiting(wait_reason::mutex_lock);
    sleep_for(2ms);
    all.go([&] { const std::lock_guard guard(m); });
    until_waiting(wait_reason::mutex_lock, 2);
    m.unlock();
    all.wait();
  });
  EXPECT_GT(barged, 0) << "still handed over, to whom it was not due";
}

TEST(mutex, MU_010_a_waiter_that_waited_before_queues_at_the_front) {
  int tested = 0;
  on_every_seed(100, [&] {
    mutex m;
    std::vector<int> order;
    wait_group all;
    m.lock();
    for (int i = 0; i < 3; ++i) {
      all.go([&, i] {
        const std::lock_guard guard(m);
        order.push_back(i);
      });
      until_waiting(wait_reason::mutex_lock, i + 1);
    }
    m.unlock();  // wakes the first
    if (m.try_lock()) {
      if (order.empty()) ++tested;
      until_waiting(wait_reason::mutex_lock, 3 - static_cast<int>(order.size()));  // which has to queue again
      m.unlock();
    }
    all.wait();
    EXPECT_THAT(order, ElementsAre(0, 1, 2));
  });
  EXPECT_GT(tested, 0);
}

TEST(mutex, MU_011_who_hands_the_lock_over_lets_the_new_owner_run_at_once) {
  const with_max_procs one(1);
  int at_once = 0;
  on_real_threads(20, [&] {
    mutex m;
    std::atomic<bool> owned{false};
    m.lock();
    wait_group waiter;
    waiter.go([&] {
      const std::lock_guard guard(m);
      owned = true;
    });
    until_waiting(wait_reason::mutex_lock);
    sleep_for(2ms);
    m.unlock();
    at_once += owned;
    waiter.wait();
  });
  EXPECT_GT(at_once, 10) << "of 20; only a monitor that sends a spare worker may be in between";
}

// Go's TestMutexFairness.
TEST(mutex, MU_012_a_polite_locker_is_done_in_time_beside_a_greedy_one) {
  on_every_schedule(
      [] {
        mutex m;
        std::atomic<bool> stop{false};
        wait_group greedy;
        greedy.go([&] {
          while (!stop) {
            const std::lock_guard guard(m);
            sleep_for(100us);
          }
        });
        const auto start = clock::now();
        for (int i = 0; i < 10; ++i) {
          sleep_for(100us);
          const std::lock_guard guard(m);
        }
        EXPECT_LT(clock::now() - start, 10s);
        stop = true;
        greedy.wait();
      },
      50, 5);
}

TEST(mutex, MU_013_excludes_for_any_mix_of_lock_try_lock_and_unlock) {
  on_every_schedule([] {
    mutex m;
    int inside = 0;
    long entered = 0, tries = 0;
    wait_group all;
    for (int i = 0; i < 8; ++i) {
      all.go([&, i] {
        for (int k = 0; k < 50; ++k) {
          const bool tries_only = (i + k) % 3 == 0;
          if (tries_only && !m.try_lock()) continue;
          if (!tries_only) m.lock();
          EXPECT_EQ(++inside, 1);
          if (k % 10 == 0) yield();
          ++entered;
          tries += tries_only;
          --inside;
          m.unlock();
        }
      });
    }
    all.wait();
    int locks = 0;
    for (int i = 0; i < 8; ++i)
      for (int k = 0; k < 50; ++k) locks += (i + k) % 3 != 0;
    EXPECT_EQ(entered - tries, locks);
  });
}

TEST(mutex, MU_014_the_guards_of_the_standard_library_work) {
  on_every_schedule([] {
    mutex a, b;
    {
      const std::lock_guard guard(a);
      EXPECT_FALSE(a.try_lock());
    }
    {
      const std::scoped_lock both(a, b);
      EXPECT_FALSE(b.try_lock());
    }
    std::unique_lock lock(a, std::try_to_lock);
    EXPECT_TRUE(lock.owns_lock());
    lock.unlock();
    EXPECT_TRUE(a.try_lock());
    a.unlock();
  });
}

}  // namespace
}  // namespace snag::test
