// SPDX-License-Identifier: Apache-2.0
// mutex, shared_mutex, once and condition_variable: Go's rules for sync.Mutex, RWMutex, Once and Cond.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <vector>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

// --- mutex

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

// --- shared_mutex

TEST(shared_mutex, many_readers_or_one_writer) {
  on_every_schedule([] {
    shared_mutex m;
    std::atomic<int> state{0};  // readers, or -1
    wait_group wg;
    for (int i = 0; i < 4; ++i) {
      wg.go([&, i] {
        for (int k = 0; k < 20; ++k) {
          if (i == 0 || (i == 1 && m.try_lock() ? true : false)) {
            if (i == 0) m.lock();
            EXPECT_EQ(state.exchange(-1), 0);
            yield();
            EXPECT_EQ(state.exchange(0), -1);
            m.unlock();
          } else if (i != 1 || m.try_lock_shared()) {
            if (i != 1) m.lock_shared();
            EXPECT_GE(state++, 0);
            yield();
            EXPECT_GT(state--, 0);
            m.unlock_shared();
          }
        }
      });
    }
    wg.wait();
  });
}

TEST(shared_mutex, readers_really_read_together) {
  on_every_schedule([] {
    shared_mutex m;
    chan<void> in, out;
    wait_group wg;
    for (int i = 0; i < 5; ++i) {
      wg.go([&] {
        const std::shared_lock g(m);
        in.send();
        out.recv();
      });
    }
    for (int i = 0; i < 5; ++i) in.recv();  // all five are inside
    for (int i = 0; i < 5; ++i) out.send();
    wg.wait();
  });
}

TEST(shared_mutex, a_waiting_writer_keeps_new_readers_out) {
  on_every_seed(30, [] {
    shared_mutex m;
    std::vector<std::string> order;
    wait_group wg;
    m.lock_shared();
    wg.go([&] {
      m.lock();
      order.push_back("writer");
      m.unlock();
    });
    let_others_block();
    EXPECT_FALSE(m.try_lock_shared());
    EXPECT_FALSE(m.try_lock());
    wg.go([&] {
      m.lock_shared();
      order.push_back("reader");
      m.unlock_shared();
    });
    let_others_block();
    EXPECT_THAT(order, ElementsAre());
    m.unlock_shared();
    wg.wait();
    EXPECT_THAT(order, ElementsAre("writer", "reader"));
  });
}

TEST(shared_mutex, unlock_lets_all_waiting_readers_in_before_the_next_writer) {
  on_every_seed(30, [] {
    shared_mutex m;
    std::atomic<int> readers{0};
    bool second_writer = false;
    chan<void> release;
    wait_group wg;
    m.lock();
    wg.go([&] {
      m.lock();
      EXPECT_EQ(readers, 3);
      second_writer = true;
      m.unlock();
    });
    let_others_block();
    for (int i = 0; i < 3; ++i) {
      wg.go([&] {
        m.lock_shared();
        ++readers;
        release.recv();
        m.unlock_shared();
      });
    }
    let_others_block();
    m.unlock();
    let_others_block();
    EXPECT_EQ(readers, 3);
    EXPECT_FALSE(second_writer);
    for (int i = 0; i < 3; ++i) release.send();
    wg.wait();
    EXPECT_TRUE(second_writer);
  });
}

TEST(shared_mutex, misuse_is_fatal_in_the_words_of_go) {
  EXPECT_EXIT(simulate(schedule::random(1), [] { shared_mutex().unlock(); }), testing::ExitedWithCode(2),
              "fatal error: sync: Unlock of unlocked RWMutex");
  EXPECT_EXIT(simulate(schedule::random(1), [] { shared_mutex().unlock_shared(); }),
              testing::ExitedWithCode(2), "fatal error: sync: RUnlock of unlocked RWMutex");
  EXPECT_EXIT(simulate(schedule::random(1),
                       [] {
                         shared_mutex m;
                         m.lock_shared();
                         m.lock();
                       }),
              testing::ExitedWithCode(2), "deadlock!(.|\n)*\\[sync.RWMutex.Lock\\]");
}

TEST(shared_mutex, hammered_by_real_threads) {
  on_real_threads(5, [] {
    shared_mutex m;
    long count = 0;
    wait_group wg;
    for (int i = 0; i < 20; ++i) {
      wg.go([&, i] {
        for (int k = 0; k < 500; ++k) {
          if (i % 4 == 0) {
            const std::lock_guard g(m);
            ++count;
          } else {
            const std::shared_lock g(m);
            EXPECT_GE(count, 0);
          }
        }
      });
    }
    wg.wait();
    EXPECT_EQ(count, 5 * 500);
  });
}

// --- once

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

// --- condition_variable

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
  on_every_schedule([] {
    mutex m;
    condition_variable not_empty, not_full;
    std::vector<int> queue;
    long sum = 0;
    wait_group wg;
    for (int p = 0; p < 3; ++p) {
      wg.go([&] {
        for (int i = 1; i <= 20; ++i) {
          std::unique_lock lock(m);
          not_full.wait(lock, [&] { return queue.size() < 2; });
          queue.push_back(i);
          not_empty.notify_one();
        }
      });
      wg.go([&] {
        for (int i = 1; i <= 20; ++i) {
          std::unique_lock lock(m);
          not_empty.wait(lock, [&] { return !queue.empty(); });
          sum += queue.back();
          queue.pop_back();
          not_full.notify_one();
        }
      });
    }
    wg.wait();
    EXPECT_EQ(sum, 3 * 210);
  });
}

}  // namespace
}  // namespace snag::test
